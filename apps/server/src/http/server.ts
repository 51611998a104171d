import cookie from '@fastify/cookie'
import helmet from '@fastify/helmet'
import Fastify, { LogController, type FastifyBaseLogger, type FastifyInstance } from 'fastify'
import type { Logger } from 'pino'
import { ConfigTrouble } from '../config/trouble.ts'
import { createConsole, type Console } from '../console/console.ts'
import { addPages } from '../console/pages.ts'
import type { Linchpin } from '../linchpin.ts'
import { PLAIN, type PeopleSettings } from '../people/settings.ts'
import { addApi } from './api.ts'
import { addDocuments } from './documents.ts'
import { addEvents } from './events.ts'
import { addHealth } from './health.ts'
import { addOpenId } from './openid.ts'
import { headers } from './headers.ts'
import { answer, answerProblem, MOST_BYTES } from './problem.ts'
import { addWebhooks } from './webhooks.ts'

export interface Listening {
  readonly url: string
  readonly console: Console
  readonly close: () => Promise<void>
}

export interface Door {
  readonly host: string
  readonly port: number
  readonly token: string | null
  readonly log: Logger
  readonly people?: PeopleSettings
}

/** The door. Throws when somebody else uses the port, or when it would stand open to everybody. */
export async function listen(linchpin: () => Linchpin, door: Door): Promise<Listening> {
  const { host, port, token, log, people = PLAIN } = door
  refuseOpenDoor(host, token)
  const app = emptyServer(log, people.publicUrl)
  await app.register(cookie)
  await app.register(helmet, headers(people.publicUrl))
  const keeper = { linchpin, token, people }
  addHealth(app, keeper)
  addWebhooks(app, linchpin)
  addDocuments(app, linchpin)
  addOpenId(app, keeper)
  addApi(app, keeper)
  addEvents(app, keeper)
  const pages = createConsole(log)
  addPages(app, pages)
  const url = await app.listen({ host, port }).catch((cause: unknown) => {
    if ((cause as { code?: string }).code !== 'EADDRINUSE') throw cause
    throw new Error(
      `Something else uses port ${port} of ${host}: another Linchpin? Stop that, or choose another port.`,
      { cause },
    )
  })
  return { url, console: pages, close: () => closeSoon(app) }
}

const LOOPBACK = new Set(['127.0.0.1', '::1', 'localhost'])

/** Refuses to be reached from other machines by whoever comes along. */
export function refuseOpenDoor(host: string, token: string | null): void {
  if (LOOPBACK.has(host) || token !== null) return
  throw new ConfigTrouble('The configuration', [
    `http.host is ${host}, so other machines reach Linchpin, and what they send can be read on the way. Listen on 127.0.0.1 behind a proxy that speaks HTTPS; or set http.token to a secret, where nobody listens between.`,
  ])
}

const WARN = 40

function emptyServer(log: Logger, publicUrl: string | null): FastifyInstance {
  const loggerInstance: FastifyBaseLogger = log.child({}, { level: log.levelVal > WARN ? log.level : 'warn' })
  const app: FastifyInstance = Fastify({
    bodyLimit: MOST_BYTES,
    // Who sends a byte a minute keeps nobody's place; Node's own limit of 60 s for the headers is too kind.
    requestTimeout: 10_000,
    http: { headersTimeout: 10_000, connectionsCheckingInterval: 2_000 },
    loggerInstance,
    // Addresses of documents are secrets: no request is logged by its address.
    logController: new LogController({ disableRequestLogging: true }),
    // A link to a document is longer than the hundred characters that a part of an address may usually have.
    // Behind a proxy on this machine, an address is what that proxy says it is: tries to sign in are counted by it.
    trustProxy: publicUrl === null ? false : 'loopback',
    routerOptions: { maxParamLength: 2_000 },
  })
  // A page of another origin may send text and forms without asking; JSON it may not.
  app.removeContentTypeParser('text/plain')
  app.setErrorHandler(answerProblem)
  app.setNotFoundHandler((request, reply) =>
    reply
      .code(404)
      .type('application/problem+json')
      .send(answer(404, 'not-found', `Nothing is at ${request.url.split('?')[0]}.`)),
  )
  return app
}

const CLOSE_MS = 2_000

/** Who still talks to us may finish, for a moment. */
async function closeSoon(app: FastifyInstance): Promise<void> {
  const timer = setTimeout(() => app.server.closeAllConnections(), CLOSE_MS)
  await app.close().finally(() => clearTimeout(timer))
}
