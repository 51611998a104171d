import type { PersonAnswer, Role, SessionAnswer } from '@linchpin/api'
import {
  addPerson,
  changePerson,
  endSession,
  endSessionsOf,
  invite,
  people,
  person,
  sessions,
  type Db,
  type Person,
  type Session,
} from '@linchpin/store'
import type { Linchpin } from '../linchpin.ts'
import type { Actor } from '../people/actor.ts'
import { linkTo, setUpLink } from '../people/set-up.ts'
import type { PeopleSettings } from '../people/settings.ts'
import { digestOf, newId, newToken } from '../people/tokens.ts'
import { checkMayGiveRole } from './give.ts'
import type { PeopleHandlers } from './people-handlers.ts'
import { Refusal } from './problem.ts'
import { iso, isoOrNull } from './status.ts'

type Managing =
  | 'setUpLink'
  | 'people'
  | 'person'
  | 'addPerson'
  | 'changePerson'
  | 'invitePerson'
  | 'sessions'
  | 'endSession'
  | 'endSessionsOf'

const DAY_MS = 24 * 60 * 60 * 1000

/** What an admin does about people and their sessions. */
export function managePeople(
  linchpin: () => Linchpin,
  { idleMs }: PeopleSettings,
): Pick<PeopleHandlers, Managing> {
  const link = async (id: string) => {
    const { db, wall: now, publicUrl } = linchpin()
    const [token, expiresAt] = [newToken(), now() + 7 * DAY_MS]
    await invite(db, { digest: digestOf(token), person: id, expiresAt })
    return { link: linkTo(publicUrl, 'invitation', token), expiresAt: iso(expiresAt) }
  }
  return {
    setUpLink: async (_input, { actor }) => {
      checkMayGiveRole('admin', actor)
      const { db, wall: now, publicUrl } = linchpin()
      const first = await setUpLink(db, publicUrl, now())
      if (first === null)
        throw new Refusal(
          409,
          'set-up-already',
          'Somebody can sign in already. Ask them, or: linchpin people list',
        )
      return { link: first.link, expiresAt: iso(first.expiresAt) }
    },
    people: async () => ({ people: (await people(linchpin().db)).map(personAnswer) }),
    person: async ({ id }) => ({ person: await personNow(linchpin().db, id) }),
    addPerson: async ({ name, email, role }, { actor }) => {
      checkMayGiveRole(role, actor)
      const { db, wall: now } = linchpin()
      const added = { id: newId(), name, email, role, password: null }
      if ((await addPerson(db, added, now())) === 'taken')
        throw new Refusal(409, 'known-address', `${email} is somebody's address here already.`)
      return { person: await personNow(db, added.id), ...(await link(added.id)) }
    },
    changePerson: async ({ id, ...change }, { actor }) => {
      const { db } = linchpin()
      const { role } = await known(db, id)
      for (const each of [role, change.role ?? role]) checkMayGiveRole(each, actor)
      const done = await changePerson(db, id, change)
      if (done === 'last admin')
        throw new Refusal(409, 'last-admin', 'That is the last admin. Make somebody else an admin first.')
      return { person: await personNow(db, id) }
    },
    invitePerson: async ({ id }, { actor }) => {
      const { name, role, active, issuer } = await known(linchpin().db, id)
      checkMayGiveRole(role, actor)
      if (!active) throw new Refusal(409, 'shut-out', `${name} is shut out. Let them in again first.`)
      if (issuer !== null)
        throw new Refusal(
          409,
          'signs-in-elsewhere',
          `${name} signs in at ${issuer}, and has no password here.`,
        )
      return link(id)
    },
    sessions: async (_input, { actor }) => {
      const { db, wall: now } = linchpin()
      const all = await sessions(db, { now: now(), idleMs })
      return { sessions: all.map(each => sessionAnswer(each, actor)) }
    },
    endSession: async ({ id }) => ({ done: await endSession(linchpin().db, id) }),
    endSessionsOf: async ({ id }) => {
      const { db } = linchpin()
      await known(db, id)
      return { count: await endSessionsOf(db, id) }
    },
  }
}

async function known(db: Db, id: string): Promise<Person> {
  const found = await person(db, id)
  if (found) return found
  throw new Refusal(404, 'no-person-by-id', `There is nobody with the id ${id}. See: linchpin people list`)
}

const personNow = async (db: Db, id: string) => personAnswer(await known(db, id))

function personAnswer({ id, name, email, role, active, ...each }: Person): PersonAnswer {
  const signsIn = wayOf(each)
  const times = { createdAt: iso(each.createdAt), seenAt: isoOrNull(each.seenAt) }
  return { id, name, email, role: role as Role, active, signsIn, ...times }
}

export function wayOf({ issuer, password }: Pick<Person, 'issuer' | 'password'>): PersonAnswer['signsIn'] {
  if (issuer !== null) return 'openid'
  return password ? 'password' : 'not yet'
}

export function sessionAnswer(each: Session, actor: Actor): SessionAnswer {
  const { id, person: whose, name, from, agent } = each
  const times = { begunAt: iso(each.begunAt), seenAt: iso(each.seenAt), expiresAt: iso(each.expiresAt) }
  return { id, person: whose, name, from, agent, ...times, current: id === actor.session }
}
