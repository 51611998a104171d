import type { Entity } from '@linchpin/connector'
import type { Mapping } from '@linchpin/mapping'
import { z } from 'zod'
import { byIds, snapshotOf, sweepListing } from './listing.ts'
import type { Session } from './session.ts'

const text = z.string()
const maybe = text.nullish()

/** A return: what a customer wants to send back, or did. One that is only begun in the admin is none yet. */
export const returnRow = z.looseObject({
  id: text,
  display_id: z.number(),
  order_id: text,
  status: text,
  location_id: maybe,
  created_at: text,
  updated_at: text,
  items: z.array(
    z.looseObject({
      id: text,
      item_id: text,
      quantity: z.number(),
      received_quantity: z.number().nullish(),
      /** Received, and not fit to be sold again. */
      damaged_quantity: z.number().nullish(),
      note: maybe,
      reason: z.looseObject({ label: maybe, value: maybe }).nullish(),
      item: z.looseObject({ variant_id: maybe, variant_sku: maybe }).nullish(),
    }),
  ),
})
export type ReturnRow = z.infer<typeof returnRow>

const returnMapping: Mapping = {
  from: 'medusa.ReturnAuthorization',
  to: 'ReturnAuthorization',
  fields: {
    id: 'id',
    number: { format: 'text', of: 'display_id' },
    order: 'order_id',
    status: { lookup: 'status', of: 'status', else: { constant: 'requested' } },
    lines: {
      each: 'items',
      as: {
        id: 'id',
        orderLine: 'item_id',
        product: 'item.variant_id',
        sku: 'item.variant_sku',
        quantity: { format: 'decimal', of: 'quantity' },
        received: {
          calculate: 'sum',
          of: [
            { format: 'decimal', of: 'received_quantity' },
            { format: 'decimal', of: 'damaged_quantity' },
          ],
        },
        reason: { first: ['reason.label', 'reason.value', 'note'] },
        location: '$.location_id',
      },
    },
    at: { format: 'instant', of: 'created_at' },
    modifiedAt: { format: 'instant', of: 'updated_at' },
  },
  tables: {
    status: {
      requested: 'requested',
      partially_received: 'approved',
      received: 'received',
      canceled: 'cancelled',
    },
  },
}

const fields =
  'id,display_id,order_id,status,location_id,metadata,created_at,updated_at,*items,*items.reason,' +
  'items.item.id,items.item.variant_id,items.item.variant_sku'

async function readReturns(session: Session, ids: readonly string[]): Promise<readonly ReturnRow[]> {
  const rows = await byIds(session, { path: '/returns', name: 'returns', fields }, returnRow, ids)
  return rows.filter(({ status }) => status !== 'open')
}

export const returnAuthorization: Entity<Session, 'ReturnAuthorization', ReturnRow> = {
  schema: returnRow,
  mapping: returnMapping,
  changes: (session, after, limit) =>
    sweepListing(session, { path: '/returns', name: 'returns', read: readReturns }, after, limit),
  get: async (session, ids) => (await readReturns(session, ids)).map(snapshotOf),
}
