import { auditAsked, auditEnded, beginOidc, endOidc, vouchFor } from '@linchpin/store'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { NOBODY } from '../people/actor.ts'
import type { Begun, OpenId, Vouched } from '../people/openid.ts'
import { begin, countStranger } from '../people/sign-in.ts'
import { digestOf, newId } from '../people/tokens.ts'
import { isSecure, keepSession } from './cookie.ts'
import type { Keeper } from './door.ts'
import { Refusal } from './problem.ts'

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
      await countStranger(db, request.ip, now())
      const begun = await openid.begin(redirectUri())
      const expiresAt = now() + MINUTES * 60_000
      await beginOidc(db, { ...begun, digest: digestOf(begun.state), expiresAt })
      // Only the browser that began it may end it: else somebody could sign another in as themselves.
      const options = { httpOnly: true, sameSite: 'lax', secure: isSecure(publicUrl) } as const
      void reply.setCookie(STATE, begun.state, { path: BACK, maxAge: MINUTES * 60, ...options })
      return await reply.redirect(begun.url)
    } catch (error) {
      if (error instanceof Refusal) return refused(reply, error.code)
      request.log.warn({ err: error }, 'The OpenID provider could not be asked.')
      return refused(reply, 'provider')
    }
  })
  app.get(BACK, async (request, reply) => {
    const begun = await begunHere(request, keeper)
    void reply.clearCookie(STATE, { path: BACK })
    if (begun === null) return refused(reply, 'provider')
    const came = await writtenDown(request, keeper, async () => {
      const vouched = await vouchedFor(request, openid, begun, redirectUri())
      return vouched === null ? { refused: 'provider' } : knownHere(keeper, vouched)
    })
    return came.refused === undefined ? enter(request, reply, keeper, came.id) : refused(reply, came.refused)
  })
}

/** The sign-in that this browser began, if it did: once. */
async function begunHere(request: FastifyRequest, { linchpin }: Keeper): Promise<Begun | null> {
  const { db, wall: now } = linchpin()
  const state = request.cookies[STATE]
  const kept = state === undefined ? null : await endOidc(db, digestOf(state), now())
  return state === undefined || kept === null ? null : { url: '', state, ...kept }
}

async function vouchedFor(
  request: FastifyRequest,
  openid: OpenId,
  begun: Begun,
  redirectUri: string,
): Promise<Vouched | null> {
  const url = new URL(redirectUri)
  url.search = new URL(request.url, redirectUri).search
  return openid.end(url, begun).catch((error: unknown) => {
    request.log.warn({ err: error }, 'What came back from the OpenID provider was not accepted.')
    return null
  })
}

/** Who came in, or why they did not; and who the provider says it was. */
type Came = { readonly after?: unknown } & (
  { readonly refused: string } | { readonly refused?: undefined; readonly id: string }
)

async function knownHere({ linchpin }: Keeper, { role, ...vouched }: Vouched): Promise<Came> {
  const { db, wall: now } = linchpin()
  const after = { who: vouched.name, email: vouched.email, role }
  if (role === null) return { after, refused: 'no-role' }
  const found = await vouchFor(db, { ...vouched, role, id: newId(), password: null }, now())
  return found.is === 'known' ? { after, id: found.id } : { after, refused: REFUSED[found.is] }
}

const REFUSED = { taken: 'known-address', inactive: 'shut-out', 'last admin': 'last-admin' }

/** In the audit log like every other way to come in. */
async function writtenDown(
  request: FastifyRequest,
  { linchpin }: Keeper,
  comeIn: () => Promise<Came>,
): Promise<Came> {
  const { db, wall: now } = linchpin()
  const asked = {
    who: NOBODY.name,
    how: NOBODY.kind,
    from: request.ip,
    what: 'openId',
    input: null,
    before: null,
  }
  const seq = await auditAsked(db, asked, now())
  const end = (outcome: string, after: unknown) => auditEnded(db, seq, asked, { outcome, after }, now())
  try {
    const came = await comeIn()
    await end(came.refused ?? 'done', came.after ?? null)
    return came
  } catch (error) {
    await end('failed', null)
    throw error
  }
}

async function enter(
  request: FastifyRequest,
  reply: FastifyReply,
  { linchpin, people }: Keeper,
  person: string,
): Promise<FastifyReply> {
  const { db, wall: now } = linchpin()
  const agent = (request.headers['user-agent'] ?? '').slice(0, 300)
  keepSession(reply, people.publicUrl, await begin(db, { person, from: request.ip, agent }, people, now()))
  return reply.redirect('/')
}

/** The page knows words for these, in the reader's language. */
const refused = (reply: FastifyReply, why: string) => reply.redirect(`/sign-in?refused=${why}`)
