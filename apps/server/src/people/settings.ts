import { fetch } from 'undici'
import { resolveValue, type Environment } from '../config/resolve.ts'
import type { Config } from '../config/schema.ts'
import { createOpenId, type OpenId } from './openid.ts'

/** How people come in. */
export interface PeopleSettings {
  /** A session ends after this, however busy. */
  readonly sessionMs: number
  /** And after this without a sign of life. */
  readonly idleMs: number
  /** Where others reach us, when it is known. */
  readonly publicUrl: string | null
  /** Of the file beside the data; null: none was made. */
  readonly localToken: string | null
  /** Anyone on this machine may come in by one click. */
  readonly demo: boolean
  readonly openid: OpenId | null
}

export const PLAIN: PeopleSettings = {
  sessionMs: 12 * 60 * 60 * 1000,
  idleMs: 60 * 60 * 1000,
  publicUrl: null,
  localToken: null,
  demo: false,
  openid: null,
}

const [HOUR_MS, MINUTE_MS] = [60 * 60 * 1000, 60 * 1000]

/** As configured. Throws ConfigTrouble when a secret is nowhere to be found. */
export function peopleOf({
  config,
  environment,
  localToken,
  demo = false,
}: {
  readonly config: Config
  readonly environment: Environment
  readonly localToken: string
  readonly demo?: boolean
}): PeopleSettings {
  const { sessionHours, idleMinutes, openid } = config.people
  const times = { sessionMs: sessionHours * HOUR_MS, idleMs: idleMinutes * MINUTE_MS }
  const secret = openid && resolveValue('people.openid.clientSecret', openid.clientSecret, environment)
  return {
    ...times,
    publicUrl: config.http.publicUrl ?? null,
    localToken,
    demo,
    openid: openid && secret !== undefined ? createOpenId(openid, secret, fetch as never) : null,
  }
}
