import type { Entity, Page } from '@linchpin/connector'
import { z } from 'zod'
import type { Session } from './client.ts'
import { decimalOf, figure, idText } from './fields.ts'
import { headerIn } from './identifiers.ts'
import { changesIn, snapshotOf } from './process.ts'

const text = z.string().nullish()

/** A row of metasfresh's own historical_m_inout_json_v. `Parcels` came with June 2026; older versions lack it. */
const raw = z.looseObject({
  Shipment_ID: z.int(),
  Shipment_DocumentNo: z.string(),
  Shipment_Date: z.string(),
  DocStatus: z.string(),
  DocType_Base: text,
  Updated: z.string(),
  Order_ID: z.int().nullish(),
  Order_POReference: text,
  Lines: z
    .array(
      z.looseObject({
        M_InOutLine_ID: z.int(),
        Product_ID: z.int(),
        ProductValue: text,
        ProductName: text,
        QtyEntered: figure,
        UOM: text,
      }),
    )
    .nullable(),
  Parcels: z.array(z.looseObject({ TrackingNumber: text, TrackingURL: text, Carrier: text })).nullish(),
})
type Raw = z.infer<typeof raw>
const shipmentRow = raw.extend({ Order: z.string() })
type ShipmentRow = z.infer<typeof shipmentRow>

/** Goods that leave for an order. A return has another base type (MMR), and what has no order is nobody's here. */
function rowsOf(rows: readonly Raw[]) {
  return rows.flatMap(row => {
    const Order = headerIn(row.Order_POReference) ?? (row.Order_ID == null ? null : String(row.Order_ID))
    if (Order === null || (row.DocType_Base ?? 'MMS') !== 'MMS') return []
    return [snapshotOf(String(row.Shipment_ID), { ...row, Order })]
  })
}

export const shipments: Entity<Session, 'Shipment', ShipmentRow> = {
  schema: shipmentRow,
  mapping: {
    from: 'metasfresh.Shipment',
    to: 'Shipment',
    fields: {
      id: idText('Shipment_ID'),
      number: 'Shipment_DocumentNo',
      order: 'Order',
      status: {
        lookup: {
          DR: 'planned',
          IP: 'ready',
          CO: 'shipped',
          CL: 'shipped',
          RE: 'cancelled',
          VO: 'cancelled',
        },
        of: 'DocStatus',
        else: { constant: 'planned' },
      },
      shippedAt: {
        when: { in: ['DocStatus', ['CO', 'CL']] },
        then: { format: 'instant', of: 'Shipment_Date' },
      },
      carrier: 'Parcels[0].Carrier',
      tracking: {
        first: [
          {
            each: 'Parcels',
            where: { has: 'TrackingNumber' },
            as: { number: 'TrackingNumber', carrier: 'Carrier', url: 'TrackingURL' },
          },
          { constant: [] },
        ],
      },
      lines: {
        first: [
          {
            each: 'Lines',
            as: {
              id: idText('M_InOutLine_ID'),
              product: idText('Product_ID'),
              sku: 'ProductValue',
              name: 'ProductName',
              quantity: decimalOf('QtyEntered'),
            },
          },
          { constant: [] },
        ],
      },
    },
  },
  changes: async (session, after, limit) => {
    const { overlapMinutes, trackingHours } = session.settings
    const overlapMs = Math.max(overlapMinutes * 60_000, trackingHours * 3_600_000)
    const options = { shape: raw, overlapMs, snapshot: async (rows: readonly Raw[]) => rowsOf(rows) }
    return (await changesIn(session, 'shipments', options, after, limit)) as Page<ShipmentRow>
  },
  url: ({ settings }, id) => `${settings.url.replace(/\/*$/, '')}/window/169/${encodeURIComponent(id)}`,
}
