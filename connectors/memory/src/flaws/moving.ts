import type { Cursor, Page } from '@linchpin/connector'
import type { Session } from '../client.ts'
import { eachPage, otherChanges, type Flaws } from './change.ts'

type Paged = Page<object>
const places = new WeakMap<Session, Map<string, Cursor>>()

export const movingFlaws: Flaws = {
  'counts its way through the pages': otherChanges(async (changes, session, after, limit) => {
    const { base, at } = JSON.parse(after ?? '{"base":null,"at":0}') as { base: Cursor | null; at: number }
    const whole = await changes(session, base, 1000)
    const more = at + limit < whole.items.length
    const next = JSON.stringify(more ? { base, at: at + limit } : { base: whole.next, at: 0 })
    return { items: whole.items.slice(at, at + limit), next, more }
  }),
  'trusts the stamps': eachPage((page: Paged): Paged => {
    const state = JSON.parse(page.next) as { newest: string | null }
    if (page.more || state.newest === null) return page
    const newest = new Date(Date.parse(state.newest) + 60_000).toISOString()
    return { ...page, next: JSON.stringify({ ...state, newest }) }
  }),
  'keeps its place in the session': otherChanges(async (changes, session, after, limit) => {
    const known = places.get(session) ?? new Map<string, Cursor>()
    places.set(session, known)
    if (after !== null && !known.has(after)) return { items: [], next: after, more: false }
    const page = await changes(session, after === null ? null : (known.get(after) ?? null), limit)
    const next = `place ${known.size}`
    known.set(next, page.next)
    return { ...page, next }
  }),
}
