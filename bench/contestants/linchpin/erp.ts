import { problemOf, type Connector, type Entity, type Outcome, type Write } from '@linchpin/connector'
import type { Fields } from '@linchpin/mapping'
import { z } from 'zod'
import type { Session } from './shop.ts'

/** The connector to the target's stand-in. Job 1 posts an order; job 2 looks for it, creates it and confirms it. */
export type Job = '1' | '2'

const row = z.looseObject({ external_id: z.number(), rev: z.number(), t0: z.number() })
type Row = z.infer<typeof row>

const addressOf = (of: string): Fields => ({
  name: `${of}.name`,
  street: `${of}.streetName`,
  city: `${of}.cityName`,
  zip: `${of}.postalZone`,
  country: `${of}.country`,
})

const lineOf = (job: Job): Fields => ({
  ext: { format: 'number', of: 'id' },
  sku: 'sku',
  name: 'name',
  qty: { format: 'number', of: 'quantity' },
  price: { format: 'number', of: 'unitPrice' },
  tax: { format: 'number', of: 'tax' },
  ...(job === '2' ? { product: { link: 'Product', of: 'product', by: { sku: 'sku' } } } : {}),
})

const fieldsOf = (job: Job): Fields => ({
  external_id: { format: 'number', of: 'id' },
  rev: 'extra.rev',
  t0: 'extra.t0',
  name: { template: 'WC{number}' },
  client_order_ref: 'buyerReference',
  state: { lookup: { open: 'sale', closed: 'done' }, of: 'status' },
  date_order: { format: 'spacedTime', of: 'issuedAt' },
  write_date: { format: 'spacedTime', of: 'modifiedAt' },
  currency: 'currency',
  amount_total: { format: 'number', of: 'totals.payable' },
  amount_tax: { format: 'number', of: 'totals.tax' },
  amount_delivery: { format: 'number', of: 'charges[0].net' },
  note: 'extra.note',
  partner: {
    object: {
      ref: { template: 'woo-{buyer.id}' },
      company: 'buyer.company',
      email: 'buyer.email',
      phone: 'buyer.phone',
      ...addressOf('billingAddress'),
    },
  },
  ship: { object: addressOf('deliveries[0].address') },
  payment: { object: { provider: 'extra.provider', tx: 'extra.transaction' } },
  source: { constant: 'woocommerce' },
  lines: { each: 'lines', as: lineOf(job) },
})

/** `lanes` workers, each with so many writes at once: with two, one gets ready while the other's are under way. */
export function benchErp(job: Job, { lanes, batch }: { lanes: number; batch: number }): Connector {
  const salesOrder: Entity<Session, 'SalesOrder', Row, Row> = {
    schema: row,
    mapping: { from: 'bench-erp.SalesOrder', to: 'SalesOrder', fields: {} },
    writer: {
      schema: row,
      mapping: { from: 'SalesOrder', to: 'bench-erp.SalesOrder', fields: fieldsOf(job) },
      batch,
      write: (session, writes) => Promise.all(writes.map(each => write(session, each, job))),
      ...(job === '1' ? { repeat: 'safe' } : { repeat: 'find', settleMs: 1_000, find: arrived }),
    },
  }
  return {
    id: 'bench-erp',
    title: 'The ERP',
    role: 'erp',
    settings: z.object({ url: z.string() }),
    limits: { requests: 1_000_000, perMs: 1_000, atOnce: lanes },
    entities: job === '1' ? { SalesOrder: salesOrder } : { SalesOrder: salesOrder, Product: product },
    open: async ({ url }: { url: string }, io) => ({ url, io }),
    health: async () => ({ is: 'up', notes: [] }),
  }
}

async function write(session: Session, { key, id, row: order }: Write<Row>, job: Job): Promise<Outcome> {
  const found = job === '2' && id === null ? await lookFor(session, key) : undefined
  const { id: made } = found ?? (await post(session, '/orders', { ...order, reference: key }))
  if (job === '2') await post(session, `/orders/${made}/confirm`, {})
  return { key, is: 'applied', id: made, version: String(order.rev) }
}

async function arrived(
  session: Session,
  writes: readonly Write<Row>[],
): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>()
  for (const { key } of writes) {
    const order = await lookFor(session, key)
    if (order) found.set(key, order.id)
  }
  return found
}

const product: Entity<Session, 'Product'> = {
  schema: row,
  mapping: { from: 'bench-erp.Product', to: 'Product', fields: {} },
  match: (session, keys) =>
    Promise.all(
      keys.map(async ({ sku = '' }) => {
        const found = await ask(session, `/products?sku=${sku}`)
        return (found as { id: string }[]).map(({ id }) => ({ id, by: `SKU ${sku}` }))
      }),
    ),
}

async function lookFor(session: Session, key: string): Promise<{ id: string } | undefined> {
  const found = await ask(session, `/orders?reference=${encodeURIComponent(key)}`)
  return (found as { id: string }[])[0]
}

const post = async (session: Session, path: string, body: object) =>
  (await ask(session, path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })) as { id: string }

async function ask({ url, io }: Session, path: string, init?: RequestInit): Promise<unknown> {
  const response = await io.fetch(url + path, init)
  if (!response.ok) throw problemOf(response, 'The ERP', io.now())
  return response.json()
}
