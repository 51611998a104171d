import type { Hint, NewLink } from '@linchpin/store'
import { findLinks } from './links.ts'
import { keyOf, sum, type DemandRow, type Tables } from './tables.ts'

/** What the shops' orders take from a product of this connection, and its stock figure does not show yet. */
export function openDemand(tables: Tables, connection: string, product: string): string {
  const here = tables.links.flatMap(link => {
    if (link.entity !== 'Product') return []
    if (link.left === connection && link.leftId === product) return [keyOf(link.right, link.rightId)]
    if (link.right === connection && link.rightId === product) return [keyOf(link.left, link.leftId)]
    return []
  })
  const open = tables.demand.filter(row => here.includes(keyOf(row.connection, row.product)))
  const counted = open.filter(
    row => isOwed(tables, row, connection) && !isInBooks(tables, row, connection, product),
  )
  return sum(counted.map(row => row.quantity))
}

function isOwed(tables: Tables, row: DemandRow, connection: string): boolean {
  return [...tables.deliveries.values()].some(
    delivery =>
      delivery.entity === 'SalesOrder' &&
      delivery.from === row.connection &&
      delivery.id === row.order &&
      delivery.to === connection &&
      delivery.state !== 'skipped',
  )
}

/** The order arrived there before the stock figure was read. */
function isInBooks(tables: Tables, row: DemandRow, connection: string, product: string): boolean {
  const level = tables.records.get(keyOf(connection, 'StockLevel', product))
  const ends = { entity: 'SalesOrder' as const, connection: row.connection, id: row.order, to: connection }
  const [order = null] = findLinks(tables, [ends])
  if (!level || order === null) return false
  return tables.links.some(
    link =>
      link.entity === 'SalesOrder' &&
      ((link.left === connection && link.right === row.connection && link.rightId === row.order) ||
        (link.right === connection && link.left === row.connection && link.leftId === row.order)) &&
      link.at < level.readAt,
  )
}

/** Orders that are on their way to a system which has just learned, by these links, which of its articles they take. */
export function ordersThatTake(
  tables: Tables,
  links: readonly Pick<NewLink, 'entity' | 'connection' | 'id' | 'to' | 'targetId'>[],
): readonly { readonly from: string; readonly id: string; readonly to: string }[] {
  const found = links
    .filter(({ entity }) => entity === 'Product')
    .flatMap(({ connection, id, to, targetId }) => [
      { connection, id, to },
      { connection: to, id: targetId, to: connection },
    ])
    .flatMap(({ connection, id, to }) =>
      tables.demand
        .filter(row => row.connection === connection && row.product === id)
        .filter(({ order }) =>
          [...tables.deliveries.values()].some(
            row =>
              row.entity === 'SalesOrder' &&
              row.from === connection &&
              row.id === order &&
              row.to === to &&
              row.state !== 'done' &&
              row.state !== 'skipped',
          ),
        )
        .map(({ order }) => ({ from: connection, id: order, to })),
    )
  return [...new Map(found.map(each => [keyOf(each.from, each.id, each.to), each])).values()]
}

const BOOKED_AFTER_MS = 5_000

/** The stock figures that these orders take from, to be read and published anew. */
export function stockHints(
  tables: Tables,
  orders: readonly { readonly from: string; readonly id: string; readonly to: string }[],
  now: number,
): readonly Hint[] {
  const hint = { entity: 'StockLevel', cause: 'stock', force: true, at: now + BOOKED_AFTER_MS } as const
  return orders.flatMap(({ from, id, to }) => {
    const taken = new Set(
      tables.demand.filter(row => row.connection === from && row.order === id).map(row => row.product),
    )
    const there = tables.links.flatMap(link => {
      if (link.entity !== 'Product') return []
      if (link.left === from && link.right === to && taken.has(link.leftId)) return [link.rightId]
      if (link.right === from && link.left === to && taken.has(link.rightId)) return [link.leftId]
      return []
    })
    const kept = there.filter(each => {
      const level = tables.records.get(keyOf(to, 'StockLevel', each))
      return level ? level.goneAt === null : tables.polls.has(keyOf(to, 'StockLevel'))
    })
    return kept.map(each => ({ ...hint, connection: to, id: each }))
  })
}
