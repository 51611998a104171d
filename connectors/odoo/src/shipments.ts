import type { Entity } from '@linchpin/connector'
import type { Mapping } from '@linchpin/mapping'
import { z } from 'zod'
import { changesOf, idOf, idsIn, snapshotOf, type Source } from './changes.ts'
import { numbersOf, readRows, searchRead, type Domain, type Row, type Session } from './client.ts'
import { productCodes } from './lookups.ts'
import { addressFields, decimal, many2one, partnerIdsOf, partnerRow, readPartners, text } from './partners.ts'

const shipmentRow = z.looseObject({
  id: z.number(),
  name: z.string(),
  state: z.string(),
  sale_id: many2one,
  date_done: text,
  backorder_id: many2one,
  /** There when the module stock_delivery is. */
  carrier_id: many2one.optional(),
  carrier_tracking_ref: text.optional(),
  carrier_tracking_url: text.optional(),
  write_date: text,
  /** The numbers in `carrier_tracking_ref`. */
  tracking: z.array(
    z.object({ number: z.string(), carrier: z.string().optional(), url: z.string().optional() }),
  ),
  partner: partnerRow.nullable(),
  /** The moves that are not cancelled, in place of their ids. */
  move_ids: z.array(
    z.looseObject({
      id: z.number(),
      product_id: many2one,
      default_code: text,
      sale_line_id: many2one.optional(),
      product_uom_qty: decimal,
      /** What left, or is reserved to leave. */
      quantity: decimal,
    }),
  ),
})
type ShipmentRow = z.infer<typeof shipmentRow>

const isDone = { is: ['$.state', { constant: 'done' }] } as const

const mapping: Mapping = {
  from: 'odoo.Shipment',
  to: 'Shipment',
  tables: { status: { assigned: 'ready', done: 'shipped', cancel: 'cancelled' } },
  fields: {
    id: { format: 'text', of: 'id' },
    number: 'name',
    order: { format: 'text', of: 'sale_id[0]' },
    status: { lookup: 'status', of: 'state', else: { constant: 'planned' } },
    shippedAt: { when: { has: 'date_done' }, then: { format: 'instant', of: 'date_done' } },
    carrier: 'carrier_id[1]',
    tracking: { each: 'tracking', as: { number: 'number', carrier: 'carrier', url: 'url' } },
    deliveryAddress: { when: { has: 'partner.id' }, then: { object: addressFields('partner') } },
    lines: {
      each: 'move_ids',
      as: {
        id: { format: 'text', of: 'id' },
        product: { format: 'text', of: 'product_id[0]' },
        sku: 'default_code',
        name: 'product_id[1]',
        orderLine: { when: { has: 'sale_line_id[0]' }, then: { format: 'text', of: 'sale_line_id[0]' } },
        quantity: { when: isDone, then: 'quantity', else: 'product_uom_qty' },
      },
    },
    modifiedAt: { format: 'instant', of: 'write_date' },
  },
}

/** What leaves for a sales order; returns and moves between shelves are no shipments. */
const outgoing: Domain = [
  ['picking_type_id.code', '=', 'outgoing'],
  ['sale_id', '!=', false],
]
const sources: readonly Source[] = [
  { model: 'stock.picking', domain: outgoing },
  {
    model: 'stock.move',
    domain: [
      ['picking_id.picking_type_id.code', '=', 'outgoing'],
      ['picking_id.sale_id', '!=', false],
    ],
    fields: ['picking_id'],
    of: idsIn('picking_id'),
  },
]

export const shipments: Entity<Session, 'Shipment', ShipmentRow> = {
  schema: shipmentRow,
  mapping,
  changes: (session, after, limit) => changesOf(session, sources, { after, limit, rows: readShipments }),
  get: async (session, ids) => (await readShipments(session, numbersOf(ids))).map(snapshotOf),
  url: (session, id) =>
    `${session.settings.url.replace(/\/+$/, '')}/web#id=${id}&model=stock.picking&view_type=form`,
}

const pickingFields = [
  'name',
  'state',
  'origin',
  'sale_id',
  'partner_id',
  'picking_type_code',
  'backorder_id',
  'scheduled_date',
  'date_done',
  'carrier_id',
  'carrier_tracking_ref',
  'carrier_tracking_url',
  'write_date',
]
const moveFields = ['picking_id', 'product_id', 'sale_line_id', 'product_uom_qty', 'quantity', 'state']

async function readShipments(session: Session, ids: readonly number[]): Promise<ShipmentRow[]> {
  const rows = await readRows(session, 'stock.picking', ids, pickingFields)
  const pickings = rows.filter(row => row['picking_type_code'] === 'outgoing' && row['sale_id'] !== null)
  if (pickings.length === 0) return []
  const moves = await movesOf(session, pickings)
  const partners = await readPartners(session, partnerIdsOf(pickings, 'partner_id'))
  return pickings.map(row => {
    const own = moves.filter(move => idOf(move['picking_id']) === row.id)
    // A cancelled picking still shows what was to leave.
    const move_ids = row['state'] === 'cancel' ? own : own.filter(move => move['state'] !== 'cancel')
    const partner = partners.get(idOf(row['partner_id']) ?? 0) ?? null
    return { ...row, partner, move_ids, tracking: trackingOf(row) } as unknown as ShipmentRow
  })
}

async function movesOf(session: Session, pickings: readonly Row[]): Promise<Row[]> {
  const moves = await searchRead(session, 'stock.move', {
    domain: [['picking_id', 'in', pickings.map(row => row.id)]],
    fields: moveFields,
    order: 'id',
  })
  const products = await productCodes(
    session,
    moves.flatMap(move => idOf(move['product_id']) ?? []),
  )
  return moves.map(move => ({
    ...move,
    default_code: products.get(idOf(move['product_id']) ?? 0)?.['default_code'] ?? null,
  }))
}

/** Several parcels stand in one field, with commas or plus signs between them. */
function trackingOf(row: Row): { number: string; carrier?: string; url?: string }[] {
  const { carrier_tracking_ref: reference, carrier_tracking_url: url, carrier_id } = row
  if (typeof reference !== 'string') return []
  const numbers = reference.split(/[,;+\s]+/).filter(number => number !== '')
  const carrier = Array.isArray(carrier_id) ? { carrier: String(carrier_id[1]) } : {}
  const link = numbers.length === 1 && typeof url === 'string' && /^https?:/.test(url) ? { url } : {}
  return numbers.map(number => ({ number, ...carrier, ...link }))
}
