import { adminUrl } from './client.ts'

/** A page of the dashboard, where it is served from its usual place. */
export function dashboardUrl(url: string, page: string): string {
  return new URL(`/dashboard/${page}`, adminUrl(url)).href
}
