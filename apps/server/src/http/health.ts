import type { FastifyInstance, FastifyRequest } from 'fastify'
import { Gauge, Registry } from 'prom-client'
import type { Linchpin } from '../linchpin.ts'
import { letIn, type Keeper } from './door.ts'

/** For those who watch over the process: is it alive, may it be sent work, what is it doing? */
export function addHealth(app: FastifyInstance, keeper: Keeper): void {
  const { linchpin } = keeper
  app.get('/healthz', () => ({ is: 'up' }))
  app.get('/readyz', async (_request, reply) => {
    const { store } = linchpin()
    try {
      await store.flows()
      return { is: 'ready' }
    } catch {
      return reply.code(503).send({ is: 'not ready', because: 'The database does not answer.' })
    }
  })
  // Names of connections, and how much money is stuck where, are nobody else's business.
  const onRequest = async (request: FastifyRequest) => void (await letIn(request, 'look', keeper))
  app.get('/metrics', { onRequest }, async (_request, reply) => {
    const registry = await metrics(linchpin())
    return reply.type(registry.contentType).send(await registry.metrics())
  })
}

async function metrics({ store, now }: Linchpin): Promise<Registry> {
  const registry = new Registry()
  const status = await store.status()
  const gauge = (name: string, help: string, labelNames: string[]) =>
    new Gauge({ name: `linchpin_${name}`, help, labelNames, registers: [registry] })
  const deliveries = gauge('deliveries', 'Deliveries by flow and state', ['flow', 'state'])
  const oldest = gauge('delivery_age_seconds', 'Age of the oldest delivery by flow and state', [
    'flow',
    'state',
  ])
  for (const { flow, state, count, oldest: since } of status.deliveries) {
    deliveries.set({ flow, state }, count)
    if (since !== null && state !== 'done' && state !== 'skipped')
      oldest.set({ flow, state }, (now() - since) / 1000)
  }
  const notices = gauge('notifications', 'Notifications that wait to be read, by connection', ['connection'])
  for (const { connection, count } of status.notices) notices.set({ connection }, count)
  const records = gauge('records', 'Records known, by connection and entity', ['connection', 'entity'])
  for (const { connection, entity, count } of status.records) records.set({ connection, entity }, count)
  const open = gauge('connection_open', '1 when the connection is neither paused nor waited for', [
    'connection',
  ])
  for (const { name, paused, blockedUntil } of await store.connections())
    open.set({ connection: name }, paused === null && (blockedUntil ?? 0) <= now() ? 1 : 0)
  return registry
}
