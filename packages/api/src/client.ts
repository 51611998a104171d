import type { z } from 'zod'
import type { Route } from './route.ts'
import { routes, type RouteName, type Routes } from './routes.ts'
import { problemShape } from './shapes.ts'

type Input<Name extends RouteName> = Part<Routes[Name]['params']> &
  Part<Routes[Name]['query']> &
  Part<Routes[Name]['body']>
/** A shape without fields asks for nothing: it must not forbid the fields of the others. */
type Part<Shape extends z.ZodType> = z.input<Shape> extends Record<string, never> ? unknown : z.input<Shape>
type Answer<Name extends RouteName> = z.output<Routes[Name]['answer']>

/** One method per route. Throws ApiTrouble with the server's own words. */
export type Client = { readonly [Name in RouteName]: (input: Input<Name>) => Promise<Answer<Name>> }

export class ApiTrouble extends Error {
  override readonly name = 'ApiTrouble'
  /** 0: the server could not be reached. */
  readonly status: number
  readonly code: string
  constructor(status: number, code: string, message: string, cause?: unknown) {
    super(message, { cause })
    this.status = status
    this.code = code
  }
}

export function createClient(options: {
  readonly url: string
  readonly token?: string
  readonly fetch: (url: string, init: RequestInit) => Promise<Response>
}): Client {
  const entries = Object.entries(routes).map(([name, route]) => [
    name,
    (input: Record<string, unknown>) => call(route as Route, input, options),
  ])
  return Object.fromEntries(entries) as Client
}

async function call(
  route: Route,
  input: Record<string, unknown>,
  { url, token, fetch }: Parameters<typeof createClient>[0],
): Promise<unknown> {
  const names = [...route.path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name)
  const path = route.path.replace(/\{(\w+)\}/g, (_match, name: string) =>
    encodeURIComponent(String(input[name])),
  )
  const rest = Object.entries(input).filter(([name, value]) => !names.includes(name) && value !== undefined)
  const query =
    route.method === 'GET'
      ? `?${new URLSearchParams(rest.map(([name, value]): [string, string] => [name, String(value)]))}`
      : ''
  const body = route.method === 'GET' ? {} : { body: JSON.stringify(Object.fromEntries(rest)) }
  const headers = {
    'content-type': 'application/json',
    // No form and no foreign page can send it: whoever does, is a program of ours.
    'linchpin-client': '1',
    ...(token ? { authorization: `Bearer ${token}` } : {}),
  }
  let response: Response
  try {
    response = await fetch(`${url}/api/v1${path}${query}`, { method: route.method, headers, ...body })
  } catch (cause) {
    throw new ApiTrouble(
      0,
      'unreachable',
      `No Linchpin answers at ${url}. Start it with "linchpin start".`,
      cause,
    )
  }
  return read(response, route)
}

async function read(response: Response, route: Route): Promise<unknown> {
  const answer: unknown = await response.json().catch(() => null)
  if (response.ok) return route.answer.parse(answer)
  const problem = problemShape.safeParse(answer)
  if (problem.success) throw new ApiTrouble(response.status, problem.data.code, problem.data.detail)
  throw new ApiTrouble(
    response.status,
    'unexpected',
    `The server answered ${response.status}, and nothing that we understand.`,
  )
}
