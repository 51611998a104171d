import type { Entity } from '@linchpin/connector'
import type { Mapping } from '@linchpin/mapping'
import { z } from 'zod'
import { addressFields } from './addresses.ts'
import { readThirdParties, thirdPartyRow } from './accounts.ts'
import { changesOf } from './changes.ts'
import type { Row } from './client.ts'
import { isCharge } from './products.ts'
import {
  arrayOptions,
  figure,
  idOf,
  numberIn,
  numberOrDraft,
  rowsIn,
  rowsOf,
  snapshotOf,
  text,
  textIn,
} from './rows.ts'
import { pageUrl, type Session } from './session.ts'
import { ordersOfShipments } from './shipment-rows.ts'

const shipmentRow = z.looseObject({
  id: figure,
  ref: z.string(),
  /** Its ref, once it is one. */
  number: z.string().nullable(),
  socid: figure,
  /** 0 draft, 1 validated: the goods are taken off the stock, 2 closed, -1 cancelled. */
  statut: figure,
  date_valid: figure.optional(),
  shipping_method: text,
  tracking_number: text,
  tracking_url: text,
  array_options: arrayOptions,
  /** The order whose lines it sends. */
  order_id: z.string(),
  /** The numbers in `tracking_number`. */
  tracking: z.array(z.object({ number: z.string(), carrier: text, url: text })),
  thirdparty: thirdPartyRow.nullable(),
  lines: z
    .array(
      z.looseObject({
        id: figure,
        fk_product: figure.optional(),
        product_ref: text,
        product_label: text,
        fk_origin_line: figure.optional(),
        qty: figure,
        qty_shipped: figure.optional(),
      }),
    )
    .default([]),
})
type ShipmentRow = z.infer<typeof shipmentRow>

const mapping: Mapping = {
  from: 'dolibarr.Shipment',
  to: 'Shipment',
  tables: { status: { '-1': 'cancelled', '0': 'planned', '1': 'shipped', '2': 'shipped' } },
  fields: {
    id: { format: 'text', of: 'id' },
    number: numberOrDraft,
    order: 'order_id',
    status: { lookup: 'status', of: 'statut', else: { constant: 'planned' } },
    shippedAt: { when: { has: 'date_valid' }, then: { format: 'instant', of: 'date_valid' } },
    carrier: 'shipping_method',
    tracking: { each: 'tracking', as: { number: 'number', carrier: 'carrier', url: 'url' } },
    deliveryAddress: { when: { has: 'thirdparty.id' }, then: { object: addressFields('thirdparty') } },
    lines: {
      each: 'lines',
      as: {
        id: { format: 'text', of: 'id' },
        product: { format: 'text', of: 'fk_product' },
        sku: 'product_ref',
        name: 'product_label',
        orderLine: { format: 'text', of: 'fk_origin_line' },
        quantity: { format: 'decimal', of: { first: ['qty_shipped', 'qty'] } },
      },
    },
  },
}

export const shipments: Entity<Session, 'Shipment', ShipmentRow> = {
  schema: shipmentRow,
  mapping,
  changes: (session, after, limit) =>
    changesOf<ShipmentRow & Row>(session, [{ path: '/shipments' }], { after, limit, get: getShipments }),
  get: getShipments,
  url: (session, id) => pageUrl(session, `/expedition/card.php?id=${id}`),
}

/** Those that send something of an order; others are of no sale. */
async function getShipments(session: Session, ids: readonly string[]) {
  const rows = await rowsOf(session, '/shipments', ids)
  const orders = await ordersOfShipments(session, rows)
  const parties = await readThirdParties(session, [...new Set(rows.map(row => textIn(row['socid'])))])
  return rows.flatMap(row => {
    const order_id = orders.get(idOf(row))?.[0]
    if (order_id === undefined) return []
    const thirdparty = parties.find(each => idOf(each) === textIn(row['socid'])) ?? null
    // One made over the API sends the services of the order as well: its shipping, too.
    const lines = rowsIn(row['lines']).filter(line => !isCharge(session, line['product_ref']))
    const whole = { ...row, number: numberIn(row), lines, order_id, thirdparty, tracking: trackingOf(row) }
    return [snapshotOf(whole as unknown as ShipmentRow)]
  })
}

/** Several parcels stand in one field. The address is the number again, or a link around it, as the carrier is set up. */
function trackingOf(row: Row): ShipmentRow['tracking'] {
  const numbers = textIn(row['tracking_number']).split(/[,;\s]+/)
  const carrier = textIn(row['shipping_method'])
  const [link] = /https?:\/\/[^"'\s<>]+/.exec(textIn(row['tracking_url'])) ?? []
  return numbers
    .filter(number => number !== '')
    .map((number, _, all) => ({
      number,
      ...(carrier !== '' && { carrier }),
      ...(link !== undefined && all.length === 1 && { url: link.replaceAll('&amp;', '&') }),
    }))
}
