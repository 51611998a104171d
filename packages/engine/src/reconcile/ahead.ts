/**
 * While a page is compared and kept, the next one is read. Only what is asked for next is read ahead, and only while
 * there is time for it: what nobody takes was asked of a system for nothing.
 */
export interface Ahead<Page> {
  /** The page at a place, which `read` reads unless it has been read ahead. */
  readonly take: (place: string, read: () => Promise<Page>) => Promise<Page>
  readonly begin: (place: string, read: () => Promise<Page>) => void
}

export function ahead<Page>(isTime: () => boolean): Ahead<Page> {
  let next: { readonly place: string; readonly page: Promise<Page> } | null = null
  return {
    take(place, read) {
      const page = next?.place === place ? next.page : read()
      next = null
      return page
    },
    begin(place, read) {
      if (!isTime()) return
      const page = read()
      // A failure is told when its turn comes.
      page.catch(() => {})
      next = { place, page }
    },
  }
}
