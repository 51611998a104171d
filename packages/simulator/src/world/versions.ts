import type { Fields, Row } from './remote.ts'
import type { Sent } from './network.ts'

/** What each order looked like in its shop, one state after the other, and which of them was sent last. */
export interface Versions {
  readonly changed: (shop: string, order: Row) => void
  /** Answers in words when an older state is sent after a newer one. */
  readonly sent: (write: Sent) => string | null
}

export function createVersions(): Versions {
  const states = new Map<string, string[]>()
  const last = new Map<string, number>()
  return {
    changed(shop, order) {
      const key = `${shop}/SalesOrder/${order.id}`
      const known = states.get(key) ?? []
      states.set(key, known)
      known.push(contentOf(order.fields))
    },
    sent({ key, table, fields }) {
      if (table !== 'orders' || fields['lines'] === undefined) return null
      const { cancelled } = fields
      const content = contentOf({ ...fields, status: cancelled === true ? 'cancelled' : 'open' })
      const state = states.get(key)?.lastIndexOf(content) ?? -1
      const before = last.get(key) ?? -1
      if (state >= 0) last.set(key, Math.max(state, before))
      return state >= 0 && state < before
        ? `${key} went back from its state ${before} to its state ${state}`
        : null
    },
  }
}

function contentOf({ lines, status }: Fields): string {
  const kept = (lines as readonly Fields[]).map(line => [line['quantity'], line['unitPrice'], line['gross']])
  return JSON.stringify([kept, status === 'cancelled'])
}
