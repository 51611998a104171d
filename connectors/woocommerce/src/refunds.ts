import type { Entity, Snapshot } from '@linchpin/connector'
import { contentHash } from '@linchpin/model'
import { z } from 'zod'
import { changed, sortable } from './changes.ts'
import { list, type Session } from './client.ts'
import { inChunks, numberOf } from './ids.ts'
import { refundRow as refund, type RawOrder } from './order-row.ts'
import { present } from './party-mapping.ts'
import { instantOf } from './wire.ts'

/** A refund with the currency of its order, which it does not tell itself. */
export const refundRow = refund.extend({ parent_id: z.number(), currency: z.string() })
export type RefundRow = z.infer<typeof refundRow>

const refundedItem = 'meta_data[key=_refunded_item_id].value'

/** Money that went back. Read from the list of all refunds, which has been there since WooCommerce 9. */
export const refunds: Entity<Session, 'Refund', RefundRow> = {
  schema: refundRow,
  mapping: {
    from: 'woocommerce.Refund',
    to: 'Refund',
    fields: {
      id: { format: 'text', of: 'id' },
      number: { format: 'text', of: 'id' },
      order: { format: 'text', of: 'parent_id' },
      status: { constant: 'settled' },
      amount: { format: 'decimal', of: 'amount' },
      currency: 'currency',
      reason: present('reason'),
      lines: {
        each: 'line_items',
        as: {
          orderLine: { format: 'text', of: refundedItem },
          product: {
            when: {
              greater: [
                { format: 'text', of: { first: ['variation_id', { constant: 0 }] } },
                { constant: '0' },
              ],
            },
            then: { template: '{product_id}/{variation_id}' },
            else: { format: 'text', of: 'product_id' },
          },
          sku: present('sku'),
          quantity: { format: 'absolute', of: { format: 'text', of: 'quantity' } },
          amount: { format: 'absolute', of: { calculate: 'add', of: ['total', 'total_tax'] } },
          tax: { format: 'absolute', of: 'total_tax' },
        },
      },
      charges: {
        each: 'shipping_lines',
        as: {
          charge: { format: 'text', of: refundedItem },
          name: present('method_title'),
          amount: { format: 'absolute', of: { calculate: 'add', of: ['total', 'total_tax'] } },
          tax: { format: 'absolute', of: 'total_tax' },
        },
      },
      at: { format: 'instant', of: 'date_created_gmt' },
    },
  },
  changes: (session, after, limit) =>
    changed<RefundRow>({
      session,
      after,
      limit,
      sources: [
        {
          path: '/refunds',
          stampOf: raw => instantOf((raw as RefundRow).date_created_gmt),
          rows: raws => withCurrency(session, raws as RefundRow[]),
        },
      ],
      position: row => ({ stamp: instantOf(row.date_created_gmt), id: sortable(row.id) }),
      snapshot,
      isGone: () => false,
    }),
  get: async (session, ids) => {
    const found: RefundRow[] = []
    for (const chunk of inChunks(ids.flatMap(id => numberOf(id) ?? [])))
      found.push(...(await list<RefundRow>(session, '/refunds', { include: chunk.join(','), per_page: 100 })))
    return (await withCurrency(session, found)).map(snapshot)
  },
}

async function withCurrency(session: Session, rows: readonly RefundRow[]): Promise<RefundRow[]> {
  const orders = new Map<number, string>()
  for (const chunk of inChunks([...new Set(rows.map(row => row.parent_id))]))
    for (const order of await list<RawOrder>(session, '/orders', { include: chunk.join(','), per_page: 100 }))
      orders.set(order.id, order.currency)
  return rows.flatMap(row => {
    const currency = orders.get(row.parent_id)
    const { _links: _, ...kept } = row as RefundRow & Record<string, unknown>
    // Without its order (in the trash, or removed) a refund gives nothing back.
    return currency === undefined ? [] : [{ ...kept, currency } as RefundRow]
  })
}

function snapshot(row: RefundRow): Snapshot<RefundRow> {
  return { id: String(row.id), version: contentHash(row), row }
}
