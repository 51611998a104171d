import { Problem } from '@linchpin/connector'
import { contentHash } from '@linchpin/model'
import { list, record, type Session } from './client.ts'
import { inChunks, numberOf } from './ids.ts'
import { missingMeta } from './meta.ts'
import { readOrder } from './order-read.ts'
import type { RawOrder } from './order-row.ts'
import type { Meta } from './wire.ts'

/**
 * What the shop has no record for — a shipment, an invoice — is kept at its order: one meta entry each, under a name
 * made of our key, so that writing it again overwrites it and nothing else. Lists that others read (the parcels of the
 * Shipment Tracking plugin) are made anew from all entries.
 */
export interface Kind<Value> {
  /** '_linchpin_shipment_' */
  readonly prefix: string
  /** The other meta entries that follow from all of an order's entries of this kind. */
  readonly derived: (order: RawOrder, values: ReadonlyMap<string, Value>) => readonly Meta[]
}

/** '1042/0f3a…': which order, and which entry of it. */
export interface Place {
  readonly order: number
  readonly name: string
}

export function placeOf(id: string | null, key: string, order: string | undefined): Place {
  const [first = '', name = contentHash(key).slice(0, 12)] = (id ?? order ?? '').split('/')
  const number = numberOf(first)
  if (number === null || !/^[0-9a-f]{12}$/.test(name))
    throw new Problem('refused', `"${id ?? order ?? ''}" names no order of the shop.`)
  return { order: number, name }
}

export const idOf = ({ order, name }: Place) => `${order}/${name}`

/** Writes the entry, what follows from it, and `more`, and answers the order as it then is. */
export async function attach<Value>(
  session: Session,
  kind: Kind<Value>,
  place: Place,
  value: Value,
  isUpdate: boolean,
  more: readonly Meta[] = [],
): Promise<RawOrder> {
  let order = await readOrder(session, place.order)
  if (isUpdate && !entriesOf(kind, order).has(place.name))
    throw new Problem(
      'refused',
      `Someone took ${place.name} out of order ${order.number ?? order.id} in the shop.`,
    )
  // Another node may write at the same order. Its entry is its own, but the derived lists are shared: look once more.
  for (let turn = 0; turn < 3; turn += 1) {
    const entries = new Map(entriesOf(kind, order)).set(place.name, value)
    const own: Meta = { key: kind.prefix + place.name, value: value as Meta['value'] }
    const missing = missingMeta(order, [own, ...kind.derived(order, entries), ...more])
    if (missing.length === 0) return order
    await record(session, 'PUT', `/orders/${place.order}`, { meta_data: missing })
    order = await readOrder(session, place.order)
  }
  return order
}

export function entriesOf<Value>(kind: Kind<Value>, order: RawOrder): Map<string, Value> {
  return new Map(
    order.meta_data
      .filter(meta => meta.key.startsWith(kind.prefix))
      .map(meta => [meta.key.slice(kind.prefix.length), meta.value as Value]),
  )
}

/** The entries by their ids; those of orders that are gone are left out. */
export async function readEntries<Value>(
  session: Session,
  kind: Kind<Value>,
  ids: readonly string[],
): Promise<{ id: string; value: Value; order: RawOrder }[]> {
  const wanted = new Map(ids.map(id => [id, id.split('/')]))
  const numbers = new Set([...wanted.values()].flatMap(([order = '']) => numberOf(order) ?? []))
  const orders: RawOrder[] = []
  for (const chunk of inChunks([...numbers]))
    orders.push(...(await list<RawOrder>(session, '/orders', { include: chunk.join(','), per_page: 100 })))
  return orders.flatMap(order =>
    [...entriesOf(kind, order)].flatMap(([name, value]) => {
      const id = idOf({ order: order.id, name })
      return wanted.has(id) ? [{ id, value, order }] : []
    }),
  )
}
