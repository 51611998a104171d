import { may, onlyAsks, openApi, reveals, routes, type Route, type RouteName } from '@linchpin/api'
import { faultsIn } from '../config/faults.ts'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { z } from 'zod'
import type { Actor } from '../people/actor.ts'
import { countStranger } from '../people/sign-in.ts'
import { version } from '../version.ts'
import { callOf, type Call } from './call.ts'
import { letIn, MayNot, type Keeper } from './door.ts'
import { checkUnchanged, sendTagged } from './entity-tag.ts'
import { handlers } from './handlers.ts'
import { peopleHandlers } from './people-handlers.ts'
import { openPlace, sealPlace } from './place.ts'
import { Refusal } from './problem.ts'
import { onceByKey, refusedDown, writtenDown } from './written.ts'

type Input = Record<string, unknown>
type Handle = (input: Input, call: Call) => Promise<unknown>

/** Serves every route of packages/api: who asks and what is checked on the way in, the answer on the way out. */
export function addApi(app: FastifyInstance, keeper: Keeper): void {
  const { linchpin, people } = keeper
  const made = { ...handlers(linchpin), ...peopleHandlers(linchpin, people) }
  const actors = new WeakMap<FastifyRequest, Actor>()
  app.get(
    '/api/v1/openapi.json',
    { onRequest: async request => void (await letIn(request, 'look', keeper)) },
    () => openApi(version),
  )
  for (const [name, route] of Object.entries(routes) as [RouteName, Route][]) {
    const handle = made[name] as Handle
    const twin = readable(route, made)
    app.route({
      method: route.method,
      url: `/api/v1${route.path.replace(/\{(\w+)\}/g, ':$1')}`,
      // Before the body is read: who may not come in need not be listened to.
      onRequest: async request => void actors.set(request, await welcome(request, name, route, keeper)),
      handler: async (request: FastifyRequest, reply: FastifyReply) => {
        const actor = actors.get(request) as Actor
        const { aliases } = linchpin()
        const input = signed(route, aliases.open(inputOf(route, request)) as Input, actor)
        const hide = hidesGuests(name, actor) ? aliases.hide : asItIs
        const call = callOf(actor, request, reply, people.publicUrl)
        const said = { name, input, actor, from: call.from }
        const place = openPlace(linchpin(), said)
        const act = async () => {
          const answer = route.answer.parse(await handle(place.input, call))
          return hide(sealPlace(linchpin(), said, answer))
        }
        const down = async () => {
          if (actor.kind === 'nobody') await countStranger(linchpin().db, call.from, linchpin().wall())
          await checkUnchanged(request, twin && (async () => hide(await twin(input, call))))
          return place.goesOn ? act() : writtenDown(linchpin(), said, act)
        }
        const asks = route.method === 'GET' || onlyAsks(name, input)
        if (!asks) return send(request, reply, await onceByKey(linchpin(), said, keyOf(request), down))
        const shows = reveals(name, actor.rights)
        return send(request, reply, await (shows ? writtenDown(linchpin(), said, act) : act()))
      },
    })
  }
}

async function welcome(
  request: FastifyRequest,
  name: RouteName,
  { method }: Route,
  keeper: Keeper,
): Promise<Actor> {
  try {
    return await letIn(request, may[name], keeper)
  } catch (error) {
    if (error instanceof MayNot && method !== 'GET')
      await refusedDown(keeper.linchpin(), { name, actor: error.actor, from: request.ip })
    throw error
  }
}

/**
 * Whether the ids of guests, which are e-mail addresses, are hidden: from whoever may not see personal data; and from
 * people at a page also when they may, as long as they did not ask for it in a way that is written down.
 */
function hidesGuests(name: RouteName, { kind, rights }: Actor): boolean {
  if (!rights.includes('reveal')) return true
  return kind === 'person' && name !== 'reveal' && !reveals(name, rights)
}

const asItIs = (answer: unknown) => answer

/** Who is known signs with their own name, whatever they say; a program on this machine says whom it speaks for. */
function signed({ method }: Route, input: Record<string, unknown>, { kind, name }: Actor) {
  const signs = method !== 'GET' && 'who' in input && (kind === 'person' || kind === 'key')
  return signs ? { ...input, who: name } : input
}

function keyOf({ headers }: FastifyRequest): string | null {
  const key = headers['idempotency-key']
  return key === undefined ? null : [key].flat().join(',')
}

/** What is read at the address where something is changed, by whoever may change it. */
function readable({ path, method }: Route, made: Readonly<Record<string, unknown>>): Handle | null {
  const all = Object.entries(routes) as [RouteName, Route][]
  const found = all.find(([, each]) => each.path === path && each.method === 'GET' && method !== 'GET')
  if (found === undefined) return null
  const [name, { answer }] = found
  return async (input, call) => answer.parse(await (made[name] as Handle)(input, call))
}

function send(request: FastifyRequest, reply: FastifyReply, answer: unknown): FastifyReply {
  const text = JSON.stringify(answer)
  void reply.header('cache-control', 'no-store').type('application/json; charset=utf-8')
  return request.method === 'GET' ? sendTagged(request, reply, text) : reply.send(text)
}

function inputOf(route: Route, request: FastifyRequest): Record<string, unknown> {
  return {
    ...checked('query', route.query, request.query),
    ...(route.method === 'GET' ? {} : checked('body', route.body, request.body ?? {})),
    ...checked('path', route.params, request.params),
  }
}

function checked(where: string, schema: z.ZodType, value: unknown): Record<string, unknown> {
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data as Record<string, unknown>
  throw new Refusal(
    400,
    'bad-request',
    faultsIn(parsed.error, { schema, input: value, under: [where] }).join(' '),
  )
}
