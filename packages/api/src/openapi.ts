import { z } from 'zod'
import { may } from './may.ts'
import type { Route } from './route.ts'
import { routes, type RouteName } from './routes.ts'
import { problemShape } from './shapes.ts'

type Json = Record<string, unknown>

/** The API as an OpenAPI 3.1 document, made from the routes that server and client are made from. */
export function openApi(version: string): Json {
  const paths: Record<string, Json> = {}
  for (const [name, route] of Object.entries(routes) as [RouteName, Route][])
    paths[route.path] = { ...paths[route.path], [route.method.toLowerCase()]: operation(name, route) }
  return {
    openapi: '3.1.0',
    info: { title: 'Linchpin', version, license: { name: 'Apache-2.0', identifier: 'Apache-2.0' } },
    servers: [{ url: '/api/v1' }],
    security: [{ token: [] }, { session: [] }],
    paths,
    components: {
      schemas: { Problem: schemaOf(problemShape, 'output') },
      securitySchemes: {
        token: { type: 'http', scheme: 'bearer', description: 'An API key, or http.token' },
        session: { type: 'apiKey', in: 'cookie', name: 'linchpin', description: 'A session of the console' },
      },
    },
  }
}

function operation(name: RouteName, route: Route): Json {
  const parameters = [
    ...parametersOf('path', route.params),
    ...parametersOf('query', route.query),
    ...(route.method === 'GET' ? [] : [IDEMPOTENCY_KEY]),
    ...(isReadable(route) ? [IF_MATCH] : []),
  ]
  const body = schemaOf(route.body, 'input')
  return {
    operationId: name,
    summary: route.summary,
    'x-may': may[name],
    ...(may[name] === 'anyone' ? { security: [] } : {}),
    ...(parameters.length > 0 ? { parameters } : {}),
    ...(route.method === 'GET' ? {} : { requestBody: { content: json(body) } }),
    responses: {
      200: { description: 'Done', content: json(schemaOf(route.answer, 'output')) },
      default: {
        description: 'A problem (RFC 9457)',
        content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
      },
    },
  }
}

const IDEMPOTENCY_KEY: Json = {
  name: 'Idempotency-Key',
  in: 'header',
  required: false,
  description: 'The same call with the same key is done once in 24 hours, and answered alike',
  schema: { type: 'string', maxLength: 200 },
}

const IF_MATCH: Json = {
  name: 'If-Match',
  in: 'header',
  required: false,
  description:
    'The ETag of what was read at this address: when it has changed meanwhile, nothing is done (412)',
  schema: { type: 'string' },
}

/** It changes what can be read at its own address. */
const isReadable = ({ method, path }: Route) =>
  method !== 'GET' && Object.values(routes).some(each => each.path === path && each.method === 'GET')

function parametersOf(where: 'path' | 'query', shape: z.ZodType): readonly Json[] {
  const { properties = {}, required = [] } = schemaOf(shape, 'input') as {
    properties?: Record<string, Json>
    required?: readonly string[]
  }
  return Object.entries(properties).map(([name, schema]) => ({
    name,
    in: where,
    required: where === 'path' || required.includes(name),
    schema,
  }))
}

function schemaOf(shape: z.ZodType, io: 'input' | 'output'): Json {
  const { $schema: _dialect, ...schema } = z.toJSONSchema(shape, { io, unrepresentable: 'any' }) as Json
  return schema
}

const json = (schema: Json): Json => ({ 'application/json': { schema } })
