import { createHash } from 'node:crypto'
import { beginSession, countTry, forgetTries, passwordOf, personByEmail, type Db } from '@linchpin/store'
import { Refusal } from '../http/problem.ts'
import { passwordIs } from './passwords.ts'
import type { PeopleSettings } from './settings.ts'
import { digestOf, newId, newToken } from './tokens.ts'

const WINDOW_MS = 15 * 60 * 1000
/** Wrong passwords in a window: by one address for one account, for one account, by one address. */
const MOST = { both: 5, account: 30, address: 50 }
/** Of whatever strangers may ask, by one address: each time is written down for ever. */
const MOST_STRANGE = 100

interface Shown {
  readonly password: string
  readonly from: string
}

/** Whose e-mail address and password these are. Wrong in either, unknown and shut out look alike from outside. */
export async function personWith(
  db: Db,
  { email, password, from }: Shown & { readonly email: string },
  now: number,
): Promise<string> {
  const account = `account ${shortened(email.toLowerCase())}`
  const found = await tried(db, { account, from }, now, async () => {
    const known = await personByEmail(db, email)
    return (await passwordIs(password, known?.active ? known.password : null)) ? known : null
  })
  return found.id
}

/** Somebody who is signed in says their password once more. */
export async function checkPassword(
  db: Db,
  { person, password, from }: Shown & { readonly person: string },
  now: number,
): Promise<void> {
  await tried(db, { account: `person ${person}`, from }, now, async () =>
    (await passwordIs(password, await passwordOf(db, person))) ? true : null,
  )
}

async function tried<Found>(
  db: Db,
  { account, from }: { readonly account: string; readonly from: string },
  now: number,
  find: () => Promise<Found | null>,
): Promise<Found> {
  const both = `${account} from ${from}`
  const limits = [
    { key: both, most: MOST.both },
    { key: account, most: MOST.account },
    { key: `from ${from}`, most: MOST.address },
  ]
  const wait = await countTry(db, limits, { now, windowMs: WINDOW_MS })
  if (wait > 0) throw tooMany(wait)
  const found = await find()
  if (found === null)
    throw new Refusal(401, 'wrong-password', 'That is not right: e-mail address or password.')
  await forgetTries(db, [both, account])
  return found
}

/** A one-time link is tried as often as a password. */
export async function countLinkTry(db: Db, from: string, now: number): Promise<void> {
  const wait = await countTry(db, [{ key: `link from ${from}`, most: MOST.address }], {
    now,
    windowMs: WINDOW_MS,
  })
  if (wait > 0) throw tooMany(wait)
}

/** Counts what somebody who is nobody yet asks, before anything is done about it. Throws Refusal. */
export async function countStranger(db: Db, from: string, now: number): Promise<void> {
  const limits = [{ key: `stranger from ${from}`, most: MOST_STRANGE }]
  const wait = await countTry(db, limits, { now, windowMs: WINDOW_MS })
  if (wait > 0) throw tooMany(wait)
}

function tooMany(wait: number): Refusal {
  const minutes = Math.max(1, Math.ceil(wait / 60_000))
  const words = `That was tried too often. Try again in ${minutes} min.`
  return new Refusal(429, 'too-many-tries', words, Math.ceil(wait / 1000))
}

/** Begins a session; answers what its cookie holds. */
export async function begin(
  db: Db,
  who: { readonly person: string; readonly from: string; readonly agent: string },
  { sessionMs }: PeopleSettings,
  now: number,
): Promise<{ readonly token: string; readonly expiresAt: number }> {
  const token = newToken()
  const expiresAt = now + sessionMs
  await beginSession(db, { id: newId(), digest: digestOf(token), ...who, expiresAt }, now)
  return { token, expiresAt }
}

/** Names in the table that counts: no list of who tried what, and none longer than another. */
const shortened = (text: string) => createHash('sha256').update(text).digest('base64url').slice(0, 22)
