import type { Session } from './session.ts'

/** A page of Medusa's admin, where it is served from its usual place. */
export function adminUrl({ settings }: Session, page: string): string {
  return `${settings.url.replace(/\/+$/, '')}/app/${page}`
}
