import { openApi, routes, type Route, type RouteName } from '@linchpin/api'
import { faultsIn } from '../config/faults.ts'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { z } from 'zod'
import type { Linchpin } from '../linchpin.ts'
import { version } from '../version.ts'
import { checkDoor } from './door.ts'
import { handlers, type Handlers } from './handlers.ts'
import { Refusal } from './problem.ts'

/** Serves every route of packages/api: input checked on the way in, answer checked on the way out. */
export function addApi(app: FastifyInstance, linchpin: () => Linchpin, token: string | null): void {
  const onRequest = async (request: FastifyRequest) => checkDoor(request, token)
  const made: Handlers = handlers(linchpin)
  app.get('/api/v1/openapi.json', { onRequest }, () => openApi(version))
  for (const [name, route] of Object.entries(routes) as [RouteName, Route][]) {
    const handle = made[name] as (input: Record<string, unknown>) => Promise<unknown>
    app.route({
      method: route.method,
      url: `/api/v1${route.path.replace(/\{(\w+)\}/g, ':$1')}`,
      // Before the body is read: who may not come in need not be listened to.
      onRequest,
      handler: async (request: FastifyRequest, reply: FastifyReply) =>
        reply
          .header('cache-control', 'no-store')
          .send(route.answer.parse(await handle(inputOf(route, request)))),
    })
  }
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
