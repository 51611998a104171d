import { beginOidc, endOidc, vouchFor } from '@linchpin/store'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Begun, OpenId, Vouched } from '../people/openid.ts'
import { begin } from '../people/sign-in.ts'
import { digestOf, newId } from '../people/tokens.ts'
import { isSecure, keepSession } from './cookie.ts'
import type { Keeper } from './door.ts'

const BACK = '/sign-in/openid/back'
const STATE = 'linchpin-openid'
const MINUTES = 10

/** The browser goes to the provider and comes back signed in, or to the sign-in page with the reason. */
export function addOpenId(app: FastifyInstance, keeper: Keeper): void {
  const { openid, publicUrl } = keeper.people
  if (openid === null) return
  const redirectUri = () => keeper.linchpin().publicUrl + BACK
  app.get('/sign-in/openid', async (request, reply) => {
    const { db, wall: now } = keeper.linchpin()
    try {
      const begun = await openid.begin(redirectUri())
      const expiresAt = now() + MINUTES * 60_000
      await beginOidc(db, { ...begun, digest: digestOf(begun.state), expiresAt })
      // Only the browser that began it may end it: else somebody could sign another in as themselves.
      const options = { httpOnly: true, sameSite: 'lax', secure: isSecure(publicUrl) } as const
      void reply.setCookie(STATE, begun.state, { path: BACK, maxAge: MINUTES * 60, ...options })
      return await reply.redirect(begun.url)
    } catch (error) {
      request.log.warn({ err: error }, 'The OpenID provider could not be asked.')
      return refused(reply, 'provider')
    }
  })
  app.get(BACK, async (request, reply) => {
    const vouched = await comeBack(request, openid, keeper, redirectUri())
    void reply.clearCookie(STATE, { path: BACK })
    return vouched === null ? refused(reply, 'provider') : enter(request, reply, keeper, vouched)
  })
}

async function comeBack(
  request: FastifyRequest,
  openid: OpenId,
  { linchpin }: Keeper,
  redirectUri: string,
): Promise<Vouched | null> {
  const { db, wall: now } = linchpin()
  const state = request.cookies[STATE]
  const kept = state === undefined ? null : await endOidc(db, digestOf(state), now())
  if (state === undefined || kept === null) return null
  const url = new URL(redirectUri)
  url.search = new URL(request.url, redirectUri).search
  const begun: Begun = { url: '', state, ...kept }
  return openid.end(url, begun).catch((error: unknown) => {
    request.log.warn({ err: error }, 'What came back from the OpenID provider was not accepted.')
    return null
  })
}

async function enter(
  request: FastifyRequest,
  reply: FastifyReply,
  { linchpin, people }: Keeper,
  { role, ...vouched }: Vouched,
): Promise<FastifyReply> {
  const { db, wall: now } = linchpin()
  if (role === null) return refused(reply, 'no-role')
  const found = await vouchFor(db, { ...vouched, role, id: newId(), password: null }, now())
  if (found.is !== 'known') return refused(reply, found.is === 'taken' ? 'known-address' : 'shut-out')
  const who = {
    person: found.id,
    from: request.ip,
    agent: (request.headers['user-agent'] ?? '').slice(0, 300),
  }
  keepSession(reply, people.publicUrl, await begin(db, who, people, now()))
  return reply.redirect('/')
}

/** The page knows words for these, in the reader's language. */
const refused = (reply: FastifyReply, why: string) => reply.redirect(`/sign-in?refused=${why}`)
