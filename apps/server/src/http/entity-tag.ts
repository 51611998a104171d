import { createHash } from 'node:crypto'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { Refusal } from './problem.ts'

const tagOf = (text: string) => `"${createHash('sha256').update(text).digest('base64url').slice(0, 27)}"`

const tagsIn = (header: string | undefined) => (header ?? '').split(',').map(each => each.trim())

/** Who has the same answer already need not be sent it again. */
export function sendTagged(request: FastifyRequest, reply: FastifyReply, text: string): FastifyReply {
  const tag = tagOf(text)
  void reply.header('etag', tag)
  return tagsIn(request.headers['if-none-match']).includes(tag) ? reply.code(304).send() : reply.send(text)
}

/**
 * A call that says If-Match is done only when what stands at the same address is still as it was read. It is looked at
 * just before: of two calls at the same instant, both may pass.
 */
export async function checkUnchanged(
  { headers }: FastifyRequest,
  read: (() => Promise<unknown>) | null,
): Promise<void> {
  const known = headers['if-match']
  if (known === undefined) return
  if (read === null)
    throw new Refusal(400, 'no-such-condition', 'Nothing can be read at this address: leave If-Match out.')
  if (tagsIn(known).includes(tagOf(JSON.stringify(await read())))) return
  throw new Refusal(412, 'changed-meanwhile', 'It has changed since you read it. Read it again, then decide.')
}
