import type { QueryClient } from '@tanstack/react-query'

/** While the server tells us of every change, asking by ourselves is only for a line that died unnoticed. */
const SELDOM_MS = 60_000
const OFTEN_MS = 10_000
/** However much happens, a page is not asked anew more often. */
const SOONEST_MS = 2_000

/** What is asked for what somebody types has its own time. */
const TYPED = new Set(['search', 'preview', 'compare', 'correct', 'openapi', 'progress'])

let listens = false
export const askAgainMs = () => (listens ? SELDOM_MS : OFTEN_MS)

/** Listens until it is told to stop; the browser connects again by itself. */
export function listen(queries: QueryClient): () => void {
  const events = new EventSource('/api/v1/events')
  let waiting = false
  const changed = () => {
    if (waiting) return
    waiting = true
    setTimeout(() => {
      waiting = false
      void queries.invalidateQueries({ predicate: ({ queryKey }) => !TYPED.has(String(queryKey[0])) })
    }, SOONEST_MS)
  }
  events.addEventListener('open', () => void (listens = true))
  events.addEventListener('error', () => void (listens = false))
  events.addEventListener('changed', changed)
  return () => events.close()
}
