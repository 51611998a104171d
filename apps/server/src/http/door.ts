import { createHash } from 'node:crypto'
import { allows, rightNames, rightsOf, type Right, type Role, type Rule } from '@linchpin/api'
import { sameBytes } from '@linchpin/connector'
import { seeSession, useApiKey } from '@linchpin/store'
import type { FastifyRequest } from 'fastify'
import type { Linchpin } from '../linchpin.ts'
import { NOBODY, type Actor } from '../people/actor.ts'
import type { PeopleSettings } from '../people/settings.ts'
import { digestOf, KEY_MARK } from '../people/tokens.ts'
import { sessionIn } from './cookie.ts'
import { Refusal } from './problem.ts'
import { checkSameOrigin } from './same-origin.ts'

/** Who keeps the door: what it knows, and how people come in. */
export interface Keeper {
  readonly linchpin: () => Linchpin
  /** Of the configuration; null: none. */
  readonly token: string | null
  readonly people: PeopleSettings
}

const SAFE = new Set(['GET', 'HEAD', 'OPTIONS'])

/**
 * Lets in whom the rule lets in, and answers who it is. `awake`: somebody sits at it, as far as a page can tell. Throws
 * Refusal.
 */
export async function letIn(
  request: FastifyRequest,
  rule: Rule,
  keeper: Keeper,
  awake = request.headers['linchpin-idle'] === undefined,
): Promise<Actor> {
  const actor = await actorOf(request, keeper, awake)
  const allowed = allows(rule, { signedIn: actor.kind !== 'nobody', rights: actor.rights })
  const byBrowser = actor.kind === 'person' || (actor.kind === 'nobody' && allowed)
  if (byBrowser && !SAFE.has(request.method)) checkSameOrigin(request, keeper.people.publicUrl)
  if (allowed) return actor
  if (actor.kind === 'nobody') throw new Refusal(401, 'sign-in', knock(keeper))
  throw new MayNot(actor, rule)
}

/** Known, and not allowed. */
export class MayNot extends Refusal {
  readonly actor: Actor
  constructor(actor: Actor, rule: Rule) {
    super(
      403,
      'may-not',
      `${actor.name} may not do that: it takes the right "${rule}". An admin can give it.`,
    )
    this.actor = actor
  }
}

async function actorOf(request: FastifyRequest, keeper: Keeper, awake: boolean): Promise<Actor> {
  const { authorization } = request.headers
  if (authorization !== undefined) return bearer(request, authorization, keeper)
  const cookie = sessionIn(request, keeper.people.publicUrl)
  // A session that is over opens nothing, also on this machine: its page shall ask for a sign-in.
  if (cookie !== undefined) return (await personOf(cookie, keeper, awake)) ?? NOBODY
  return trustsThisMachine(keeper) && isThisMachine(request.headers) ? MACHINE : NOBODY
}

/** Whoever listens behind a proxy cannot tell a stranger whom it hands on from a program beside it. */
const trustsThisMachine = ({ token, people }: Keeper) => token === null && people.publicUrl === null

async function bearer(
  request: FastifyRequest,
  header: string,
  { linchpin, token, people }: Keeper,
): Promise<Actor> {
  const shown = /^Bearer (.+)$/i.exec(header)?.[1] ?? ''
  // Digests are of one length, so that the time it takes tells nothing about the token's.
  const is = (kept: string | null) => kept !== null && sameBytes(digest(shown), digest(kept))
  if (is(token)) return TOKEN
  if (is(people.localToken)) return MACHINE
  if (shown.startsWith(KEY_MARK)) {
    const { db, wall: now } = linchpin()
    const key = await useApiKey(db, digestOf(shown), { now: now(), from: request.ip })
    if (key) return { kind: 'key', id: key.id, name: key.name, rights: key.rights as Right[], session: null }
  }
  throw new Refusal(401, 'sign-in', 'That token or key is not valid, or no longer.')
}

async function personOf(cookie: string, { linchpin, people }: Keeper, awake: boolean): Promise<Actor | null> {
  const { db, wall: now } = linchpin()
  const seen = await seeSession(db, digestOf(cookie), { now: now(), idleMs: people.idleMs, touch: awake })
  if (seen === null) return null
  const rights = rightsOf[seen.role as Role] ?? []
  return { kind: 'person', id: seen.person, name: seen.name, rights, session: seen.session }
}

const TOKEN: Actor = { kind: 'token', id: 'token', name: 'http.token', rights: rightNames, session: null }
const MACHINE: Actor = {
  kind: 'machine',
  id: 'machine',
  name: 'this machine',
  rights: rightNames,
  session: null,
}

const knock = (keeper: Keeper) =>
  trustsThisMachine(keeper)
    ? 'Sign in. Only programs on this machine may use the API unasked.'
    : 'Sign in, or send an API key or the token of http.token: Authorization: Bearer …'

const LOCAL = new Set(['127.0.0.1', 'localhost', '[::1]'])
/** What a browser sends along for a page's requests, and a proxy for strangers'. */
const TELLTALES = ['origin', 'sec-fetch-site', 'forwarded', 'x-forwarded-for', 'x-forwarded-host', 'via']

/**
 * A page in a browser on this machine can reach us too, also under a foreign name that it lets resolve to 127.0.0.1;
 * its Origin or its Host name gives it away.
 */
function isThisMachine(headers: FastifyRequest['headers']): boolean {
  return (
    isLocalName(headers) && TELLTALES.every(name => headers[name] === undefined || isByHand(name, headers))
  )
}

/** Asked under a name of this machine, and by no proxy. */
export function isLocalPage({ headers }: FastifyRequest): boolean {
  const proxied = TELLTALES.slice(2).some(name => headers[name] !== undefined)
  return isLocalName(headers) && !proxied
}

const isLocalName = ({ host }: FastifyRequest['headers']) =>
  LOCAL.has((host ?? '').replace(/:\d+$/, '').toLowerCase())

/** Somebody typed the address: no page asked for it. */
const isByHand = (name: string, headers: FastifyRequest['headers']) =>
  name === 'sec-fetch-site' && headers[name] === 'none'

const digest = (text: string) => createHash('sha256').update(text).digest()
