import { Problem, shotNow, writeEach, type Outcome, type Write, type Writer } from '@linchpin/connector'
import type { Mapping } from '@linchpin/mapping'
import { decimal, percent } from '@linchpin/model'
import { z } from 'zod'
import { create, externalRef, findByRef, SETTLE_MS } from './outcomes.ts'
import { arrayOptions, needId, textIn } from './rows.ts'
import type { Session } from './session.ts'

const productWrite = z.object({
  ref: z.string().min(1).optional(),
  label: z.string().min(1).optional(),
  description: z.string().optional(),
  barcode: z.string().optional(),
  service: z.boolean().optional(),
  active: z.boolean().optional(),
  tva_tx: percent.optional(),
  /** In kilograms. */
  weight: decimal.optional(),
  array_options: arrayOptions,
})
export type ProductWrite = z.infer<typeof productWrite>

const mapping: Mapping = {
  from: 'Product',
  to: 'dolibarr.Product',
  fields: {
    ref: 'sku',
    label: 'name',
    description: 'description',
    barcode: 'gtin',
    service: {
      when: { is: ['kind', { constant: 'goods' }] },
      then: { constant: false },
      else: { constant: true },
    },
    active: 'active',
    tva_tx: 'taxRate',
    weight: 'weightKg',
  },
}

type Get = (session: Session, ids: readonly string[]) => Promise<readonly { version: string }[]>

export function productWriter(get: Get): Writer<Session, ProductWrite> {
  return {
    schema: productWrite,
    mapping,
    batch: 10,
    repeat: 'find',
    find: (session, writes) => findByRef(session, '/products', writes),
    settleMs: SETTLE_MS,
    write: (session, writes) =>
      writeEach(writes, session.io.signal, write => writeProduct(session, write, get)),
  }
}

async function writeProduct(session: Session, write: Write<ProductWrite>, get: Get): Promise<Outcome> {
  const { key, row } = write
  const known = write.id ?? (await findByRef(session, '/products', [write])).get(key)
  if (known === undefined) {
    const id = await make(session, key, row)
    return { key, is: 'applied', id, version: (await shotNow(session, id, get))?.version ?? null }
  }
  const there = await session.client.one(`/products/${needId(known, 'Product')}`)
  if (there === null)
    throw new Problem('refused', `Product ${row.ref ?? known} is no longer in Dolibarr. Someone deleted it.`)
  await session.client.send('PUT', `/products/${known}`, {
    ...valuesOf(row),
    // A changed rate makes Dolibarr reckon the price anew, from what stands here.
    price_base_type: textIn(there['price_base_type']) || 'HT',
  })
  return { key, is: 'applied', id: known, version: (await shotNow(session, known, get))?.version ?? null }
}

async function make(session: Session, key: string, row: ProductWrite): Promise<string> {
  if (row.ref === undefined || row.label === undefined)
    throw new Problem('refused', 'A product needs an SKU and a name in Dolibarr.')
  const made = { type: row.service === true ? 1 : 0, status: 1, status_buy: 1, price_base_type: 'HT' }
  return create(session, '/products', { ...made, ...valuesOf(row), ref_ext: externalRef(key) })
}

function valuesOf(row: ProductWrite): Record<string, unknown> {
  const { ref, label, description, barcode, active, tva_tx, weight, array_options } = row
  return {
    ...(ref !== undefined && { ref }),
    ...(label !== undefined && { label }),
    ...(description !== undefined && { description }),
    ...(barcode !== undefined && { barcode }),
    ...(active !== undefined && { status: active ? 1 : 0 }),
    ...(tva_tx !== undefined && { tva_tx }),
    ...(weight !== undefined && { weight, weight_units: 0 }),
    ...(array_options && { array_options }),
  }
}
