import type { Entity, Snapshot } from '@linchpin/connector'
import { contentHash } from '@linchpin/model'
import { z } from 'zod'
import { changesOf, type Source } from './changes.ts'
import { address, addressFields, addressIn, decimalText, idText, unitName } from './fields.ts'
import { numbers, searchRead, type Session } from './session.ts'

/** A customer shipment with the moves that leave the house and its parcels. Part shipments are shipments of their own. */
const shipmentRow = z.looseObject({
  id: z.int(),
  number: z.string().nullable(),
  state: z.enum(['draft', 'waiting', 'assigned', 'picked', 'packed', 'done', 'cancelled']),
  /** The order that its first move comes from. */
  sale: z.int(),
  effective_date: z.string().nullable(),
  carrier: z.looseObject({ rec_name: z.string() }).nullable(),
  delivery_address: address.nullable(),
  packages: z.array(
    z.looseObject({
      id: z.int(),
      shipping_reference: z.string().nullable(),
      shipping_tracking_url: z.string().nullable(),
    }),
  ),
  outgoing_moves: z.array(
    z.looseObject({
      id: z.int(),
      quantity: z.number(),
      state: z.string(),
      sale_line: z.int().nullable(),
      product: z.looseObject({ id: z.int(), code: z.string().nullable(), name: z.string() }),
      uom: z.looseObject({ symbol: z.string() }),
    }),
  ),
  write_date: z.string().nullable(),
  create_date: z.string(),
})
type ShipmentRow = z.infer<typeof shipmentRow>

const FIELDS = [
  ...'number state effective_date planned_date carrier.rec_name write_date create_date'.split(' '),
  ...addressFields('delivery_address'),
  ...['code', 'shipping_reference', 'shipping_tracking_url'].map(name => `packages.${name}`),
  ...['quantity', 'state', 'origin', 'sale', 'uom.symbol', 'product.code', 'product.name'].map(
    name => `outgoing_moves.${name}`,
  ),
]

async function getShipments(
  session: Session,
  texts: readonly string[],
): Promise<readonly Snapshot<ShipmentRow>[]> {
  const wanted = numbers(texts)
  if (wanted.length === 0) return []
  const { company } = await session.client.context()
  const fields = [...FIELDS, ...(session.settings.fields.Shipment ?? [])]
  const where = [
    ['id', 'in', wanted],
    ['company', '=', company],
  ]
  const found = await searchRead(session, 'stock.shipment.out', RAW, { where, fields })
  return found.flatMap(raw => {
    const sale = raw.outgoing_moves.find(move => move.sale !== null)?.sale
    // Goods that someone sends without an order are no business of a shop's.
    if (sale === undefined || sale === null) return []
    const outgoing_moves = raw.outgoing_moves.map(move => ({ ...move, sale_line: lineOf(move.origin) }))
    const row = shipmentRow.parse({ ...raw, sale, outgoing_moves })
    return [{ id: String(row.id), version: contentHash(row), row }]
  })
}

const lineOf = (origin: string | null) => Number(/^sale\.line,(\d+)$/.exec(origin ?? '')?.[1] ?? NaN) || null

/** A parcel's number is often entered after the shipment is done, and does not move its stamp. */
async function shipmentsOf(
  _session: Session,
  _source: Source,
  values: readonly unknown[],
): Promise<readonly (string | null)[]> {
  return values.map(value =>
    typeof value === 'number'
      ? String(value)
      : (/^stock\.shipment\.out,(\d+)$/.exec(String(value))?.[1] ?? null),
  )
}

const moved = { not: { is: ['state', { constant: 'cancelled' }] } } as const

export const shipments: Entity<Session, 'Shipment', ShipmentRow> = {
  schema: shipmentRow,
  mapping: {
    from: 'tryton.Shipment',
    to: 'Shipment',
    fields: {
      id: idText('id'),
      number: { first: ['number', { template: '({id})' }] },
      order: idText('sale'),
      status: {
        lookup: {
          draft: 'planned',
          waiting: 'planned',
          assigned: 'planned',
          picked: 'planned',
          packed: 'ready',
          done: 'shipped',
          cancelled: 'cancelled',
        },
        of: 'state',
      },
      // The day is all that Tryton keeps of it; the stamp of the last change is when someone pressed the button.
      shippedAt: {
        when: { is: ['state', { constant: 'done' }] },
        then: { format: 'instant', of: 'effective_date' },
      },
      carrier: 'carrier.rec_name',
      tracking: {
        each: 'packages',
        where: { has: 'shipping_reference' },
        as: { number: 'shipping_reference', carrier: '$.carrier.rec_name', url: 'shipping_tracking_url' },
      },
      deliveryAddress: addressIn('delivery_address'),
      lines: {
        each: 'outgoing_moves',
        where: { any: [moved, { is: ['$.state', { constant: 'cancelled' }] }] },
        as: {
          id: idText('id'),
          product: idText('product.id'),
          sku: 'product.code',
          name: 'product.name',
          orderLine: { when: { has: 'sale_line' }, then: idText('sale_line') },
          quantity: decimalText('quantity'),
          unit: unitName('uom.symbol'),
        },
      },
      modifiedAt: { first: ['write_date', 'create_date'] },
    },
  },
  changes: changesOf({
    sources: [
      { model: 'stock.shipment.out', where: [['moves.origin.sale', '!=', null, 'sale.line']] },
      { model: 'stock.package', where: [['shipment', 'like', 'stock.shipment.out,%']], target: 'shipment' },
      {
        model: 'stock.move',
        where: [
          ['shipment', 'like', 'stock.shipment.out,%'],
          ['origin', 'like', 'sale.line,%'],
        ],
        target: 'shipment',
      },
    ],
    resolve: shipmentsOf,
    get: getShipments,
  }),
  get: getShipments,
  url: ({ settings }, id) =>
    `${settings.url.replace(/\/*$/, '')}/#${settings.database}/model/stock.shipment.out/${id}`,
}

const RAW = z.array(
  z.looseObject({
    id: z.int(),
    outgoing_moves: z.array(
      z.looseObject({ id: z.int(), sale: z.int().nullable(), origin: z.string().nullable() }),
    ),
  }),
)
