/** A page of the shop's admin. */
export function adminPage(url: string, page: string): string {
  return new URL(`/admin/${page}`, url).href
}
