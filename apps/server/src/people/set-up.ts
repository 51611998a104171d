import { anyPeople, invite, type Db } from '@linchpin/store'
import { digestOf, newToken } from './tokens.ts'

const DAY_MS = 24 * 60 * 60 * 1000

/** The one-time link that makes the first person; null when there is one. */
export async function setUpLink(db: Db, url: string, now: number): Promise<string | null> {
  if (await anyPeople(db)) return null
  const token = newToken()
  await invite(db, { digest: digestOf(token), person: null, expiresAt: now + DAY_MS })
  return linkTo(url, 'set-up', token)
}

/** What stands behind # is sent to no server, and so stands in no log of one. */
export const linkTo = (url: string, page: string, token: string) => `${url}/${page}#${token}`
