import type { OrderFulfilments, Fulfilment } from './fulfilment-list.ts'
import { isOf } from './shipment-lines.ts'
import { claimsOf } from './shipment-row.ts'
import type { ShipmentWrite } from './shipment-writer.ts'

type Lines = ShipmentWrite['lines']
type Fulfilments = readonly Fulfilment[]

/** What earlier tries sent of this shipment, marked or not, and what they did not. */
export function sentOf(
  order: OrderFulfilments,
  row: ShipmentWrite,
): { readonly parts: Fulfilments; readonly left: Lines } {
  const marks = Object.entries(claimsOf(order)).find(([number]) => number === row.number)?.[1] ?? []
  const marked = order.fulfillments.filter(({ id, status }) => marks.includes(id) && status !== 'CANCELLED')
  const lost = lostOf(order, row, without(row.lines, marked).left)
  const parts = [...marked, ...lost]
  return { parts, left: without(row.lines, parts).left }
}

/**
 * The fulfilments that this shipment may have made before their mark was set: no shipment has claimed them, they have its
 * tracking numbers, and no other goods than are left of it. Without a number, only the goods as a whole tell whose it is.
 */
function lostOf(order: OrderFulfilments, row: ShipmentWrite, left: Lines): Fulfilments {
  const taken = new Set(Object.values(claimsOf(order)).flat())
  const free = order.fulfillments.filter(
    each => !taken.has(each.id) && each.status === 'SUCCESS' && hasNumbers(each, row),
  )
  const isWhole = (parts: Fulfilments) => left.length > 0 && without(left, parts).left.length === 0
  const fitting = free.filter(each => without(left, [each]).fits)
  const whole = fitting.find(each => isWhole([each]))
  if (whole) return [whole]
  const parts = fitting.reduce<Fulfilments>(
    (found, each) => (without(left, [...found, each]).fits ? [...found, each] : found),
    [],
  )
  return row.tracking.length > 0 || isWhole(parts) ? parts : []
}

function hasNumbers({ trackingInfo }: Fulfilment, { tracking }: ShipmentWrite): boolean {
  const told = trackingInfo.flatMap(({ number }) => number ?? []).toSorted()
  return (
    told.join('\n') ===
    tracking
      .map(({ number }) => number)
      .toSorted()
      .join('\n')
  )
}

/** These goods less those of the fulfilments, and whether all of those are among them. */
function without(lines: Lines, parts: Fulfilments): { readonly left: Lines; readonly fits: boolean } {
  const rests = lines.map(line => ({ line, rest: Number(line.quantity) })).filter(({ rest }) => rest > 0)
  let fits = true
  for (const { quantity, lineItem } of parts.flatMap(each => each.lines)) {
    let gone = quantity ?? 0
    for (const each of rests.filter(({ line }) => isOf(lineItem, line))) {
      const part = Math.min(each.rest, gone)
      each.rest -= part
      gone -= part
    }
    fits &&= gone === 0
  }
  const left = rests
    .filter(({ rest }) => rest > 0)
    .map(({ line, rest }) => ({ ...line, quantity: String(rest) }))
  return { left, fits }
}
