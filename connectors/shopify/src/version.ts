/**
 * The version of the Admin API that every query here is written for and checked against. Shopify brings out one each
 * quarter and keeps it for a year (https://shopify.dev/docs/api/usage/versioning); after that it answers in the words
 * of the oldest one that it still has.
 */
export const apiVersion = '2026-10'

/** The first instant (ms since 1970) at which Shopify may have dropped a version: '2026-10' → 1 October 2027. */
export function endOf(version: string): number {
  const [year = '', month = ''] = version.split('-')
  return Date.UTC(Number(year) + 1, Number(month) - 1, 1)
}
