import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Actor } from '../people/actor.ts'
import { dropSession, keepSession } from './cookie.ts'
import { isLocalPage } from './door.ts'

/** What a handler may know and do about the call itself. */
export interface Call {
  readonly actor: Actor
  readonly from: string
  readonly agent: string
  /** Asked by a page under a name of this machine, without a proxy between. */
  readonly local: boolean
  /** Lets the browser keep a session, or forget it. */
  readonly keep: (session: { readonly token: string; readonly expiresAt: number }) => void
  readonly drop: () => void
}

export function callOf(
  actor: Actor,
  request: FastifyRequest,
  reply: FastifyReply,
  publicUrl: string | null,
): Call {
  return {
    actor,
    from: request.ip,
    agent: (request.headers['user-agent'] ?? '').slice(0, 300),
    local: isLocalPage(request),
    keep: session => keepSession(reply, publicUrl, session),
    drop: () => dropSession(reply, publicUrl),
  }
}
