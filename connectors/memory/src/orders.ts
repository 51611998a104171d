import type { Entity } from '@linchpin/connector'
import type { Mapping } from '@linchpin/mapping'
import { z } from 'zod'
import { download, type Session } from './client.ts'
import { changesOf, getFrom, writeTo } from './records.ts'

const sums = { net: z.string(), tax: z.string(), gross: z.string() }
const tax = z.looseObject({ rate: z.string(), amount: z.string() })
const item = z.looseObject({
  pos: z.number(),
  article: z.string().optional(),
  sku: z.string().optional(),
  title: z.string(),
  qty: z.string(),
  price: z.string(),
  ...sums,
  taxes: z.array(tax),
})
const freight = z.looseObject({ title: z.string(), ...sums, taxes: z.array(tax) })
const customer = z.looseObject({ id: z.string(), name: z.string(), email: z.string().optional() })

/** An order as Memory tells it. Loose: custom fields stay in it. */
export const orderRow = z.looseObject({
  id: z.string(),
  no: z.string(),
  placed: z.string(),
  changed: z.string(),
  revision: z.number(),
  removed: z.boolean(),
  state: z.enum(['open', 'done', 'cancelled']),
  reference: z.string().nullable(),
  remark: z.string(),
  currency: z.string(),
  customer,
  items: z.array(item),
  freight: z.array(freight),
  sum_net: z.string(),
  sum_tax: z.string(),
  sum: z.string(),
})
type OrderRow = z.infer<typeof orderRow>

/** An order as Memory takes it. A field left out of an update stays as it was. */
const orderWrite = orderRow
  .pick({ placed: true, remark: true, currency: true, customer: true, items: true, freight: true })
  .extend({ sum_net: z.string(), sum_tax: z.string(), sum: z.string(), cancelled: z.boolean() })
  .partial()
type OrderWrite = z.infer<typeof orderWrite>

/** Memory and our model name these alike, so one fragment serves both ways. */
const money = {
  net: 'net',
  tax: 'tax',
  gross: 'gross',
  taxes: { each: 'taxes', as: { rate: 'rate', amount: 'amount' } },
} as const

export const salesOrder: Entity<Session, 'SalesOrder', OrderRow, OrderWrite> = {
  schema: orderRow,
  mapping: toCanonical(),
  changes: (session, after, limit) => changesOf(session, '/orders', orderRow, after, limit),
  get: (session, ids) => getFrom(session, '/orders', orderRow, ids),
  url: ({ settings }, id) => `${settings.url}/screens/orders/${encodeURIComponent(id)}`,
  file: async (session, id) => {
    const bytes = await download(session, `/orders/${encodeURIComponent(id)}/pdf`)
    return bytes === null ? null : { name: `order-${id}.pdf`, mediaType: 'application/pdf', bytes }
  },
  writer: {
    schema: orderWrite,
    mapping: toMemory(),
    batch: 20,
    repeat: 'safe',
    write: (session, writes) => writeTo(session, '/orders', orderRow, writes),
  },
}

function toCanonical(): Mapping {
  return {
    from: 'memory.SalesOrder',
    to: 'SalesOrder',
    fields: {
      id: 'id',
      number: 'no',
      issuedAt: { format: 'instant', of: 'placed' },
      modifiedAt: { format: 'instant', of: 'changed' },
      status: { lookup: { open: 'open', done: 'closed', cancelled: 'cancelled' }, of: 'state' },
      fulfilment: { constant: 'none' },
      invoicing: { constant: 'none' },
      payment: { constant: 'unpaid' },
      currency: 'currency',
      taxInclusive: { constant: false },
      buyer: {
        object: {
          id: 'customer.id',
          kind: { constant: 'person' },
          name: 'customer.name',
          email: 'customer.email',
        },
      },
      deliveries: { constant: [] },
      lines: {
        each: 'items',
        as: {
          id: { format: 'text', of: 'pos' },
          kind: { constant: 'item' },
          product: 'article',
          sku: 'sku',
          name: 'title',
          quantity: 'qty',
          unitPrice: 'price',
          ...money,
        },
      },
      charges: {
        each: 'freight',
        as: { id: { constant: 'freight' }, kind: { constant: 'shipping' }, name: 'title', ...money },
      },
      'totals.net': 'sum_net',
      'totals.tax': 'sum_tax',
      'totals.payable': 'sum',
      'extra.remark': 'remark',
    },
  }
}

function toMemory(): Mapping {
  return {
    from: 'SalesOrder',
    to: 'memory.SalesOrder',
    fields: {
      placed: 'issuedAt',
      currency: 'currency',
      cancelled: { when: { is: ['status', { constant: 'cancelled' }] }, then: { constant: true } },
      remark: { template: 'Order {number}' },
      'customer.id': { link: 'Account', of: 'buyer.id', by: { email: 'buyer.email' } },
      'customer.name': 'buyer.name',
      'customer.email': 'buyer.email',
      items: {
        each: 'lines',
        as: {
          pos: { format: 'number', of: 'id' },
          article: { link: 'Product', of: 'product', by: { sku: 'sku' } },
          sku: 'sku',
          title: 'name',
          qty: 'quantity',
          price: 'unitPrice',
          ...money,
        },
      },
      freight: { each: 'charges', as: { title: 'name', ...money } },
      sum_net: 'totals.net',
      sum_tax: 'totals.tax',
      sum: 'totals.payable',
    },
  }
}
