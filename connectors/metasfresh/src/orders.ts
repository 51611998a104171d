import type { Cursor, Entity, Page, Snapshot } from '@linchpin/connector'
import type { z } from 'zod'
import type { Session } from './client.ts'
import { decimalOf, idText } from './fields.ts'
import { isOwnId } from './identifiers.ts'
import { orderRow, orderWriteMapping } from './order-row.ts'
import { completed, rawOrder, saleRow, type RawOrder, type SaleRow } from './order-read.ts'
import { writeOrders } from './order-writer.ts'
import { changesIn, invoke, snapshotOf } from './process.ts'

const snapshots = (session: Session, rows: readonly RawOrder[]) =>
  rows.map(row => {
    const whole = completed(session.settings, row)
    return snapshotOf(whole.Id, whole)
  })

/** An order is known by our external header id, or by its own id when it is not ours. */
async function getOrders(session: Session, ids: readonly string[]): Promise<readonly Snapshot<SaleRow>[]> {
  const found: RawOrder[] = []
  for (const id of ids) {
    const by = isOwnId(id) ? { Order_ID: id } : { ExternalId: id }
    found.push(...(await invoke(session, 'orders', rawOrder, by)))
  }
  return snapshots(session, found)
}

async function changes(session: Session, after: Cursor | null, limit: number): Promise<Page<SaleRow>> {
  const options = {
    shape: rawOrder,
    overlapMs: session.settings.overlapMinutes * 60_000,
    snapshot: async (rows: readonly RawOrder[]) => snapshots(session, rows),
  }
  return (await changesIn(session, 'orders', options, after, limit)) as Page<SaleRow>
}

const money = {
  net: decimalOf('LineNetAmt'),
  tax: 'TaxAmt',
  gross: 'GrossAmt',
  taxes: { each: 'Taxes', as: { rate: 'rate', amount: 'amount' } },
} as const
const isCharge = { is: ['IsCharge', { constant: true }] } as const
const isItem = {
  all: [{ is: ['IsCharge', { constant: false }] }, { is: ['IsRounding', { constant: false }] }],
} as const

const writer = {
  schema: orderRow,
  mapping: orderWriteMapping,
  batch: 10,
  // C_OLCand_External_ID: one candidate for an external system, header id and line id. A repeat is passed over.
  repeat: 'safe' as const,
  write: (session: Session, writes: Parameters<typeof writeOrders>[1]) =>
    writeOrders(session, writes, session.settings.processes.orders === null ? null : getOrders),
}

export const orders: Entity<Session, 'SalesOrder', SaleRow, z.infer<typeof orderRow>> = {
  schema: saleRow,
  mapping: {
    from: 'metasfresh.SalesOrder',
    to: 'SalesOrder',
    fields: {
      id: 'Id',
      number: 'DocumentNo',
      issuedAt: { format: 'instant', of: 'DateOrdered' },
      status: {
        lookup: {
          DR: 'held',
          IP: 'held',
          WP: 'held',
          CO: 'open',
          CL: 'closed',
          RE: 'cancelled',
          VO: 'cancelled',
        },
        of: 'DocStatus',
        else: { constant: 'held' },
      },
      fulfilment: 'Fulfilment',
      invoicing: 'Invoicing',
      payment: 'Payment',
      currency: 'Currency',
      taxInclusive: { constant: false },
      buyer: {
        object: {
          id: idText('Partner_ID'),
          kind: { constant: 'person' },
          number: 'Partner_Value',
          name: { first: ['Partner_Name', 'Partner_Value'] },
        },
      },
      paymentTerms: 'PaymentTerm',
      buyerReference: 'POReference',
      deliveries: { constant: [] },
      lines: {
        each: 'Lines',
        where: isItem,
        as: {
          id: idText('OrderLine_ID'),
          kind: { constant: 'item' },
          product: idText('Product_ID'),
          sku: 'Product_Value',
          name: { first: ['Description', 'Product_Name'] },
          quantity: decimalOf('QtyOrdered'),
          unitPrice: decimalOf('PriceActual'),
          ...money,
        },
      },
      charges: {
        each: 'Lines',
        where: isCharge,
        as: {
          id: idText('OrderLine_ID'),
          kind: { constant: 'shipping' },
          name: { first: ['Description', 'Product_Name'] },
          ...money,
        },
      },
      totals: {
        object: { net: 'NetAmt', tax: 'TaxAmt', rounding: 'Rounding', payable: decimalOf('GrandTotal') },
      },
    },
  },
  changes,
  get: getOrders,
  url: ({ settings }, id) =>
    `${settings.url.replace(/\/*$/, '')}/window/143?viewId=${encodeURIComponent(id)}`,
  writer,
}

/** Without a view of orders nothing of them can be read: they are written all the same. */
export const ordersUnread: Entity<Session, 'SalesOrder', SaleRow, z.infer<typeof orderRow>> = {
  schema: saleRow,
  mapping: orders.mapping,
  writer,
}
