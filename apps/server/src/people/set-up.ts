import { anyPeople, invite, type Db } from '@linchpin/store'
import { digestOf, newToken } from './tokens.ts'

const DAY_MS = 24 * 60 * 60 * 1000

/** The one-time link that makes the first person; null when there is one. Older ones end. */
export async function setUpLink(
  db: Db,
  url: string,
  now: number,
): Promise<{ readonly link: string; readonly expiresAt: number } | null> {
  if (await anyPeople(db)) return null
  const [token, expiresAt] = [newToken(), now + DAY_MS]
  await invite(db, { digest: digestOf(token), person: null, expiresAt })
  return { link: linkTo(url, 'set-up', token), expiresAt }
}

/** What stands behind # is sent to no server, and so stands in no log of one. */
export const linkTo = (url: string, page: string, token: string) => `${url}/${page}#${token}`
