import { inTurn, type Candidate, type Entity } from '@linchpin/connector'
import type { Mapping, MatchKeys } from '@linchpin/mapping'
import { z } from 'zod'
import { call, type Session } from './client.ts'
import { changesOf, getFrom, writeTo } from './records.ts'

/** A product as Memory tells it. Loose: custom fields stay in it. */
const productRow = z.looseObject({
  id: z.string(),
  changed: z.string(),
  revision: z.number(),
  removed: z.boolean(),
  sku: z.string(),
  title: z.string(),
  text: z.string(),
  on_sale: z.boolean(),
  tax_rate: z.string(),
})
type ProductRow = z.infer<typeof productRow>

const productWrite = productRow
  .pick({ sku: true, title: true, text: true, on_sale: true, tax_rate: true })
  .partial()
type ProductWrite = z.infer<typeof productWrite>

const toCanonical: Mapping = {
  from: 'memory.Product',
  to: 'Product',
  fields: {
    id: 'id',
    sku: 'sku',
    name: 'title',
    description: 'text',
    kind: { constant: 'goods' },
    active: 'on_sale',
    taxRate: 'tax_rate',
    modifiedAt: { format: 'instant', of: 'changed' },
  },
}

const toMemory: Mapping = {
  from: 'Product',
  to: 'memory.Product',
  fields: { sku: 'sku', title: 'name', text: 'description', on_sale: 'active', tax_rate: 'taxRate' },
}

export const product: Entity<Session, 'Product', ProductRow, ProductWrite> = {
  schema: productRow,
  mapping: toCanonical,
  changes: (session, after, limit) => changesOf(session, '/products', productRow, after, limit),
  get: (session, ids) => getFrom(session, '/products', productRow, ids),
  match: (session, keys) => inTurn(keys, each => matchOne(session, each)),
  url: ({ settings }, id) => `${settings.url}/screens/products/${encodeURIComponent(id)}`,
  writer: {
    schema: productWrite,
    mapping: toMemory,
    batch: 20,
    repeat: 'safe',
    write: (session, writes) => writeTo(session, '/products', productRow, writes),
  },
}

/** Memory's search ignores case and finds parts; an SKU is the same only when every character is. */
async function matchOne(session: Session, { sku }: MatchKeys): Promise<readonly Candidate[]> {
  if (sku === undefined) return []
  const found = await call(session, `/products?search=${encodeURIComponent(sku)}`, z.array(productRow))
  return found
    .filter(row => row.sku === sku && !row.removed)
    .map(row => ({ id: row.id, by: `SKU ${row.sku}` }))
}
