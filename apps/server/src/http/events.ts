import type { ServerResponse } from 'node:http'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { letIn, type Keeper } from './door.ts'
import { Refusal } from './problem.ts'

/** How often is looked whether something happened, while anybody listens at all. */
const LOOK_MS = 1_000
/** A line that says nothing is cut by proxies. */
const STILL_THERE_MS = 15_000
const MOST_LISTENERS = 200

/**
 * Server-sent events: tells whoever listens that something happened, by the number of the journal's last entry. What it
 * was is asked by the usual routes; so there is nothing in here that somebody might not see.
 */
export function addEvents(app: FastifyInstance, keeper: Keeper): void {
  const { linchpin } = keeper
  // A page that listens is no sign of life of who opened it.
  const onRequest = async (request: FastifyRequest) => void (await letIn(request, 'look', keeper, false))
  const listeners = new Set<ServerResponse>()
  let timer: NodeJS.Timeout | null = null
  let last = -1
  const look = async () => {
    const now = await linchpin().desk.pulse()
    if (now === last) return
    last = now
    for (const each of listeners) each.write(`event: changed\ndata: ${now}\n\n`)
  }
  const stop = (listener: ServerResponse) => {
    listeners.delete(listener)
    if (listeners.size > 0 || timer === null) return
    clearInterval(timer)
    timer = null
  }
  app.get('/api/v1/events', { onRequest }, (request, reply) => {
    if (listeners.size >= MOST_LISTENERS)
      throw new Refusal(503, 'too-many', `${MOST_LISTENERS} listen already. Ask every few seconds instead.`)
    reply.hijack()
    const { raw } = reply
    raw.writeHead(200, {
      'content-type': 'text/event-stream',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
    })
    raw.write(`retry: 3000\nevent: changed\ndata: ${last}\n\n`)
    listeners.add(raw)
    // A session may end while it listens.
    const still = setInterval(
      () =>
        void onRequest(request).then(
          () => raw.write(': still here\n\n'),
          () => raw.end(),
        ),
      STILL_THERE_MS,
    )
    raw.once('close', () => {
      clearInterval(still)
      stop(raw)
    })
    // A database that does not answer is told by the routes; the next look tries again.
    timer ??= setInterval(() => void look().catch(() => {}), LOOK_MS)
  })
  app.addHook('preClose', done => {
    for (const each of listeners) each.end()
    done()
  })
}
