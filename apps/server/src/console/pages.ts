import fastifyStatic from '@fastify/static'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { answer } from '../http/problem.ts'
import type { Console } from './console.ts'

/** The console's pages: whatever a browser opens that is nobody else's address. */
export function addPages(app: FastifyInstance, pages: Console): void {
  void app.register(async scope => {
    await scope.register(fastifyStatic, { root: '/', serve: false, preCompressed: true })
    scope.get('/', (request, reply) =>
      isBrowser(request) ? page(pages, reply) : reply.type('text/plain; charset=utf-8').send(HELLO),
    )
    scope.get<{ Params: { '*': string } }>('/*', (request, reply) => {
      const path = request.params['*']
      const state = pages.state()
      if (state.is === 'ready' && FILE.test(path)) return sendFile(reply, path, state.folder)
      return isBrowser(request) && !OTHERS.test(path) ? page(pages, reply) : notFound(reply, request.url)
    })
  })
}

const isBrowser = ({ headers }: FastifyRequest) => (headers.accept ?? '').includes('text/html')
const OTHERS = /^(api|webhooks|documents)\//
const FILE = /^(assets\/[\w.-]+|icon\.svg|scheme\.js)$/

function sendFile(reply: FastifyReply, path: string, root: string): FastifyReply {
  // What stands under assets/ has its content in its name.
  const forever = path.startsWith('assets/')
  return reply
    .header('x-content-type-options', 'nosniff')
    .sendFile(path, root, forever ? { maxAge: '1y', immutable: true } : { maxAge: '1h' })
}

function page(pages: Console, reply: FastifyReply): FastifyReply {
  const state = pages.state()
  if (state.is === 'ready')
    return reply
      .header('x-content-type-options', 'nosniff')
      .sendFile('index.html', state.folder, { maxAge: 0 })
  void pages.prepare()
  const words =
    state.is === 'building'
      ? 'The console is being built. This page shows it in a moment, by itself.'
      : `${state.words} Everything else works; on the command line: linchpin status`
  return reply
    .code(state.is === 'building' ? 202 : 503)
    .type('text/html; charset=utf-8')
    .header('cache-control', 'no-store')
    .header('refresh', '1')
    .send(waiting(words))
}

const waiting = (words: string) => `<!doctype html>
<html lang="en">
<meta charset="utf-8"><meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light dark">
<title>Linchpin</title>
<p>${words.replaceAll('&', '&amp;').replaceAll('<', '&lt;')}</p>
</html>
`

function notFound(reply: FastifyReply, url: string): FastifyReply {
  return reply
    .code(404)
    .type('application/problem+json')
    .send(answer(404, 'not-found', `Nothing is at ${url.split('?')[0]}.`))
}

/** For whoever asks without a browser. */
const HELLO = `Linchpin runs here. Open this address in a browser, or ask on the command line:

  linchpin status            how every connection and flow stands
  linchpin trace <number>    the whole story of an order
  linchpin parked            what needs a person

For programs: /api/v1/openapi.json, /healthz, /readyz, /metrics.
`
