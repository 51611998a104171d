import type { FastifyInstance } from 'fastify'
import type { Linchpin } from '../linchpin.ts'
import { Refusal } from './problem.ts'

/** Invoices for customers, by the signed links that stand in their orders. */
export function addDocuments(app: FastifyInstance, linchpin: () => Linchpin): void {
  app.get<{ Params: { token: string } }>('/documents/:token', async (request, reply) => {
    const { documents, store, now } = linchpin()
    const key = documents.open(request.params.token, now())
    const file = key === null ? null : await store.file(key)
    // Forged, expired and missing look the same from outside: nothing can be learnt by trying.
    if (file === null)
      throw new Refusal(
        404,
        'no-document',
        'This link is not valid, or no longer. Ask the shop for a new one.',
      )
    return reply
      .type(file.mediaType)
      .header('content-disposition', `inline; filename*=UTF-8''${encodeURIComponent(file.name)}`)
      .header('cache-control', 'private, no-store')
      .header('referrer-policy', 'no-referrer')
      .header('x-robots-tag', 'noindex')
      .header('x-content-type-options', 'nosniff')
      .header('content-security-policy', "default-src 'none'; sandbox")
      .send(Buffer.from(file.bytes))
  })
}
