import { createHmac } from 'node:crypto'
import { problemOf, sameBytes, type Connector, type Entity, type Io } from '@linchpin/connector'
import type { Fields } from '@linchpin/mapping'
import { z } from 'zod'
import { WEBHOOK_SECRET } from '../../job.ts'

/** The connector to the shop's stand-in: it rings with an order's number, and its orders are read as they are. */
export interface Session {
  readonly url: string
  readonly io: Io
}

const row = z.looseObject({ id: z.number(), rev: z.number(), status: z.string(), currency: z.string() })

/** Our copy of an address, field by field: what WooCommerce calls it, what UBL calls it. */
const addressOf = (of: string): Fields => ({
  name: { template: `{${of}.first_name} {${of}.last_name}` },
  streetName: `${of}.address_1`,
  cityName: `${of}.city`,
  postalZone: `${of}.postcode`,
  country: `${of}.country`,
})

const buyer: Fields = {
  id: { format: 'text', of: 'customer_id' },
  kind: { constant: 'person' },
  name: { template: '{billing.first_name} {billing.last_name}' },
  company: 'billing.company',
  email: { format: 'lower', of: 'billing.email' },
  phone: 'billing.phone',
}

const line: Fields = {
  id: { format: 'text', of: 'id' },
  kind: { constant: 'item' },
  product: { format: 'text', of: 'product_id' },
  sku: 'sku',
  name: 'name',
  quantity: { format: 'decimal', of: 'quantity' },
  unitPrice: { format: 'decimal', of: 'price' },
  net: 'total',
  tax: 'total_tax',
  gross: { calculate: 'add', of: ['total', 'total_tax'], scale: 2 },
}

const order: Fields = {
  id: { format: 'text', of: 'id' },
  number: 'number',
  issuedAt: { format: 'instant', of: 'date_created_gmt' },
  modifiedAt: { format: 'instant', of: 'date_modified_gmt' },
  status: { lookup: { processing: 'open', completed: 'closed' }, of: 'status' },
  fulfilment: { constant: 'none' },
  invoicing: { constant: 'none' },
  payment: { constant: 'paid' },
  currency: 'currency',
  taxInclusive: { constant: false },
  buyerReference: 'order_key',
  buyer: { object: buyer },
  billingAddress: { object: addressOf('billing') },
  deliveries: { constant: [] },
  'deliveries[id=1].address': { object: addressOf('shipping') },
  lines: { each: 'line_items', as: line },
  charges: {
    each: 'shipping_lines',
    as: {
      id: { format: 'text', of: 'id' },
      kind: { constant: 'shipping' },
      name: 'method_title',
      net: 'total',
      tax: 'total_tax',
      gross: { calculate: 'add', of: ['total', 'total_tax'], scale: 2 },
    },
  },
  'totals.net': 'total_net',
  'totals.tax': 'total_tax',
  'totals.payable': 'total',
  'extra.note': { format: 'trim', of: 'customer_note' },
  'extra.provider': 'payment_method',
  'extra.transaction': 'transaction_id',
  'extra.rev': 'rev',
  'extra.t0': 't0',
}

const salesOrder: Entity<Session, 'SalesOrder', z.infer<typeof row>> = {
  schema: row,
  mapping: { from: 'bench-shop.SalesOrder', to: 'SalesOrder', fields: order },
  async get({ url, io }, ids) {
    const response = await io.fetch(`${url}/orders?ids=${ids.join(',')}`)
    if (!response.ok) throw problemOf(response, 'The shop', io.now())
    const rows = (await response.json()) as z.infer<typeof row>[]
    return rows.map(each => ({ id: String(each.id), version: String(each.rev), row: each }))
  },
}

export const benchShop: Connector<{ url: string }, Session> = {
  id: 'bench-shop',
  title: 'The shop',
  role: 'shop',
  settings: z.object({ url: z.string() }),
  limits: { requests: 1_000_000, perMs: 1_000, atOnce: 4 },
  entities: { SalesOrder: salesOrder },
  webhook: {
    verify: (_settings, { headers, body }) =>
      sameBytes(
        Buffer.from(createHmac('sha256', WEBHOOK_SECRET).update(body).digest('base64')),
        Buffer.from(headers['x-signature'] ?? ''),
      ),
    parse: ({ body }) => {
      const { id } = JSON.parse(Buffer.from(body).toString()) as { id: number }
      return [{ entity: 'SalesOrder', id: String(id) }]
    },
  },
  open: async ({ url }, io) => ({ url, io }),
  health: async () => ({ is: 'up', notes: [] }),
}
