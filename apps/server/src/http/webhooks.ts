import type { RawRequest } from '@linchpin/connector'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Linchpin } from '../linchpin.ts'
import { Refusal } from './problem.ts'

/** The door for shops and ERPs: the bytes are kept as they came, since a signature is over bytes. */
export function addWebhooks(app: FastifyInstance, linchpin: () => Linchpin): void {
  void app.register(async scope => {
    scope.removeAllContentTypeParsers()
    scope.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body))
    scope.post<{ Params: { connection: string } }>('/webhooks/:connection', async (request, reply) => {
      const { connection } = request.params
      const { engine, webhookLog, now } = linchpin()
      const asked = rawRequest(request)
      const answer = await engine.webhook(connection, asked)
      const kept = answer.is === 'kept' ? answer.count : 0
      const verdict = answer.is === 'kept' && kept === 0 ? 'greeting' : answer.is
      if (verdict !== 'no webhook') webhookLog.add({ connection, verdict, kept }, asked, now())
      switch (answer.is) {
        case 'kept':
          return reply.code(202).send({ kept: answer.count })
        case 'known':
          return reply.code(202).send({ kept: 0 })
        case 'no webhook':
          throw new Refusal(404, 'no-webhook', `There is no connection ${connection} that takes webhooks.`)
        case 'forged':
          throw new Refusal(
            401,
            'forged',
            'The signature is missing or wrong. Compare the secret on both sides.',
          )
        case 'unreadable':
          throw new Refusal(
            400,
            'unreadable',
            'The signature is right, but the body is not what this system sends.',
          )
      }
    })
  })
}

function rawRequest(request: FastifyRequest): RawRequest {
  const headers = Object.fromEntries(
    Object.entries(request.headers).map(([name, value]) => [name, [value ?? ''].flat().join(', ')]),
  )
  const body = Buffer.isBuffer(request.body) ? new Uint8Array(request.body) : new Uint8Array()
  return { url: request.url, headers, body }
}
