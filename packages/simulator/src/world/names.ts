import type { Settlement } from '@linchpin/store'
import { REFUSED_MAIL } from './people.ts'
import type { Row } from './remote.ts'
import { ERP } from './setup.ts'

/** A name that somebody entered for a customer, in the shop or in the ERP. No two of them are the same. */
interface Entry {
  readonly side: string
  readonly name: string
  readonly at: number
  /** When the other side was known to have it for good. */
  carriedAt: number
}

/** Who called a customer what, where and when. Customers are known by their shop and its id: 'north/ada@north.test'. */
export interface Names {
  readonly changed: (side: string, table: string, row: Row, ours: boolean) => void
  readonly settled: (settlement: Settlement) => void
  /**
   * The customers whose last name was entered by somebody who had seen what the other side had said before: nobody
   * overwrote it, so it is what both sides must have.
   */
  readonly last: () => ReadonlyMap<string, string>
}

export function createNames(now: () => number): Names {
  const entries = new Map<string, Entry[]>()
  const shown = new Map<string, unknown>()
  return {
    changed(side, table, { id, key, fields }, ours) {
      const customer = table === 'customers' ? `${side}/${id}` : table === 'accounts' ? customerOf(key) : null
      if (customer === null) return
      const place = `${side} ${customer}`
      const isNew = shown.get(place) !== fields['name']
      shown.set(place, fields['name'])
      if (ours || !isNew) return
      const entry = { side, name: String(fields['name']), at: now(), carriedAt: Infinity }
      entries.set(customer, [...(entries.get(customer) ?? []), entry])
    },
    settled(settlement) {
      const { delivery, is } = settlement
      if (delivery.entity !== 'Account' || delivery.record === null) return
      if (is !== 'unchanged' && !(is === 'applied' && settlement.again === null && settlement.rest === null))
        return
      const { from, to, id, targetId } = delivery
      const customer = from === ERP ? `${to}/${targetId}` : `${from}/${id}`
      const { name } = delivery.record.canonical as { readonly name: string }
      for (const entry of entries.get(customer) ?? [])
        if (entry.side === from && entry.name === name) entry.carriedAt = Math.min(entry.carriedAt, now())
    },
    last: () => new Map([...entries].flatMap(([customer, all]) => lastOf(customer, all))),
  }
}

function lastOf(customer: string, entries: readonly Entry[]): readonly (readonly [string, string])[] {
  const last = entries.at(-1)
  if (last === undefined || customer.includes(`/${REFUSED_MAIL}@`)) return []
  const other = entries.findLast(({ side }) => side !== last.side)
  return other === undefined || other.carriedAt <= last.at ? [[customer, last.name]] : []
}

/** As whom we created it: 'north/Account/ada@north.test'. */
function customerOf(key: string | null): string | null {
  const [shop, entity, id] = key?.split('/') ?? []
  return entity === 'Account' && id !== undefined && !id.startsWith('guest:') ? `${shop}/${id}` : null
}
