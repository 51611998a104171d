import { rightsOf, type MeAnswer, type peopleRoutes, type Role } from '@linchpin/api'
import {
  addFirstPerson,
  anyPeople,
  endSession,
  person,
  sessions,
  setPassword,
  useInvitation,
} from '@linchpin/store'
import type { z } from 'zod'
import type { Linchpin } from '../linchpin.ts'
import { DEMO } from '../people/demo.ts'
import { hashPassword } from '../people/passwords.ts'
import type { PeopleSettings } from '../people/settings.ts'
import { begin, checkPassword, countLinkTry, personWith } from '../people/sign-in.ts'
import { digestOf, newId } from '../people/tokens.ts'
import { keysAndAudit } from './audit-handlers.ts'
import type { Call } from './call.ts'
import { managePeople, sessionAnswer, wayOf } from './manage-handlers.ts'
import { Refusal } from './problem.ts'

type PeopleRoutes = typeof peopleRoutes
type Input<Name extends keyof PeopleRoutes> = Part<PeopleRoutes[Name]['params']> &
  Part<PeopleRoutes[Name]['query']> &
  Part<PeopleRoutes[Name]['body']>
type Part<Shape extends z.ZodType> = z.output<Shape> extends Record<string, never> ? unknown : z.output<Shape>
export type PeopleHandlers = {
  readonly [Name in keyof PeopleRoutes]: (
    input: Input<Name>,
    call: Call,
  ) => Promise<z.input<PeopleRoutes[Name]['answer']>>
}

/** What the routes about people do: they ask who asks. */
export function peopleHandlers(linchpin: () => Linchpin, people: PeopleSettings): PeopleHandlers {
  return { ...signingIn(linchpin, people), ...managePeople(linchpin, people), ...keysAndAudit(linchpin) }
}

type SigningIn =
  | 'me'
  | 'signIn'
  | 'enterDemo'
  | 'setUp'
  | 'acceptInvitation'
  | 'signOut'
  | 'changePassword'
  | 'mySessions'
  | 'endMySession'

function signingIn(linchpin: () => Linchpin, people: PeopleSettings): Pick<PeopleHandlers, SigningIn> {
  const { idleMs } = people
  const enter = async (id: string, call: Call): Promise<MeAnswer> => {
    const { db, wall: now } = linchpin()
    const { from, agent } = call
    // A session from before ends: what somebody else may have planted in this browser opens nothing.
    if (call.actor.session !== null) await endSession(db, call.actor.session)
    call.keep(await begin(db, { person: id, from, agent }, people, now()))
    return me(id)
  }
  const me = async (id: string | null): Promise<MeAnswer> => meAnswer(linchpin(), people, id)
  return {
    me: async (_input, { actor }) => {
      const answer = await me(actor.kind === 'person' ? actor.id : null)
      return actor.kind === 'nobody' || actor.kind === 'person'
        ? answer
        : { ...answer, who: actor.name, rights: [...actor.rights] }
    },
    signIn: async ({ email, password }, call) => {
      const { db, wall: now } = linchpin()
      return enter(await personWith(db, { email, password, from: call.from }, now()), call)
    },
    enterDemo: async (_input, call) => {
      if (!people.demo || !call.local)
        throw new Refusal(403, 'no-demo', 'This is not a demo on this machine.')
      return enter(DEMO, call)
    },
    setUp: async ({ token, name, email, password }, call) => {
      const { db, wall: now } = linchpin()
      await countLinkTry(db, call.from, now())
      const first = { id: newId(), name, email, role: 'admin', password: await hashPassword(password) }
      if (!(await addFirstPerson(db, digestOf(token), first, now()))) throw deadLink()
      return enter(first.id, call)
    },
    acceptInvitation: async ({ token, password }, call) => {
      const { db, wall: now } = linchpin()
      await countLinkTry(db, call.from, now())
      const id = await useInvitation(db, digestOf(token), await hashPassword(password), now())
      if (id === null) throw deadLink()
      return enter(id, call)
    },
    signOut: async (_input, call) => {
      call.drop()
      const { session } = call.actor
      return { done: session !== null && (await endSession(linchpin().db, session)) }
    },
    changePassword: async ({ password, newPassword }, { actor, from }) => {
      const { db, wall: now } = linchpin()
      if (actor.kind !== 'person') throw noPerson()
      await checkPassword(db, { person: actor.id, password, from }, now())
      await setPassword(db, actor.id, await hashPassword(newPassword), actor.session)
      return { done: true }
    },
    mySessions: async (_input, { actor }) => {
      const { db, wall: now } = linchpin()
      const mine = await sessions(db, { now: now(), idleMs, person: actor.id })
      return { sessions: mine.map(each => sessionAnswer(each, actor)) }
    },
    endMySession: async ({ id }, { actor }) => {
      const { db, wall: now } = linchpin()
      const mine = await sessions(db, { now: now(), idleMs, person: actor.id })
      return { done: mine.some(each => each.id === id) && (await endSession(db, id)) }
    },
  }
}

async function meAnswer(
  { db }: Linchpin,
  { demo, openid }: PeopleSettings,
  id: string | null,
): Promise<MeAnswer> {
  const found = id === null ? null : await person(db, id)
  const role = (found?.role ?? null) as Role | null
  const rights = role === null ? [] : [...rightsOf[role]]
  const ways = { setUp: !(await anyPeople(db)), demo, openid: openid?.label ?? null }
  const signsIn = found === null ? null : wayOf(found)
  return { who: found?.name ?? null, role, email: found?.email ?? null, signsIn, rights, ...ways }
}

const deadLink = () =>
  new Refusal(410, 'dead-link', 'This link was used already, or is too old. Ask an admin for a new one.')

const noPerson = () => new Refusal(409, 'no-person', 'Only a person who is signed in has a password.')
