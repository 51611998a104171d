import { at, type Db } from '../db.ts'
import { SAID_MS } from './said-before.ts'

const DAY_MS = 24 * 60 * 60 * 1000

/** Takes out what no longer opens anything. */
export async function tidyPeople(db: Db, now: number): Promise<void> {
  const [today, yesterday] = [at(now), at(now - DAY_MS)]
  await db.query('tidy-sessions', 'delete from session where expires_at < $1', [today])
  await db.query('tidy-invitations', 'delete from invitation where expires_at < $1', [today])
  await db.query('tidy-oidc', 'delete from oidc_try where expires_at < $1', [today])
  await db.query('tidy-tries', 'delete from sign_in_try where since < $1', [yesterday])
  await db.query('tidy-said', 'delete from said_before where at < $1', [at(now - SAID_MS)])
}
