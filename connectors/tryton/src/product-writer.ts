import {
  Problem,
  restOf,
  shotNow,
  Unanswered,
  writeEach,
  type Candidate,
  type Outcome,
  type Snapshot,
  type Write,
} from '@linchpin/connector'
import type { MatchKeys } from '@linchpin/mapping'
import { equal } from '@linchpin/model'
import { z } from 'zod'
import { ownFields, ownValues } from './own-fields.ts'
import { creating } from './outcomes.ts'
import { ids, numbers, remembered, searchRead, type Session } from './session.ts'
import { percentOf, wire } from './wire.ts'

export const productWriteRow = z.looseObject({
  code: z.string().optional(),
  ean: z.string().optional(),
  name: z.string().optional(),
  description: z.string().optional(),
  type: z.enum(['goods', 'service']).optional(),
  active: z.boolean().optional(),
  /** The symbol of the unit: 'u', 'kg'. */
  unit: z.string().optional(),
  /** '19': finds the accounting category that carries a tax of this rate. */
  tax_percent: z.string().optional(),
  /** Of the product (template) where it has them, else of the variant. */
  fields: ownFields,
})
export type ProductWriteRow = z.infer<typeof productWriteRow>

/** How products are read and recognised, from the file that reads them. */
export interface Reading {
  readonly get: (session: Session, ids: readonly string[]) => Promise<readonly Snapshot<unknown>[]>
  readonly match: (session: Session, keys: readonly MatchKeys[]) => Promise<readonly (readonly Candidate[])[]>
}

export function writeProducts(
  session: Session,
  writes: readonly Write<ProductWriteRow>[],
  reading: Reading,
): Promise<readonly Outcome[]> {
  return writeEach(writes, session.io.signal, async ({ key, id, row }) => {
    const outcome =
      id === null ? await create(session, key, row, reading) : { id: await update(session, id, row) }
    if ('is' in outcome) return outcome
    const rest =
      id === null && row.active === false
        ? await restOf(() => update(session, outcome.id, { active: false }))
        : {}
    const shot = await shotNow(session, outcome.id, reading.get)
    return { key, is: 'applied', id: outcome.id, version: shot?.version ?? null, ...rest }
  })
}

async function create(session: Session, key: string, row: ProductWriteRow, { match }: Reading) {
  if (row.code === undefined || row.name === undefined)
    throw new Problem(
      'refused',
      `Product ${row.code ?? row.name ?? key} has no ${row.code === undefined ? 'SKU' : 'name'}, without which it cannot be made in Tryton.`,
    )
  const [there] = await match(session, [{ sku: row.code }])
  if (there?.[0]) return { id: await update(session, there[0].id, row) }
  const unit = await unitId(session, row.unit ?? 'u')
  const category = row.tax_percent === undefined ? null : await categoryId(session, row.tax_percent)
  const identifiers = row.ean === undefined ? [] : [['create', [{ type: 'ean', code: row.ean }]]]
  const fields = await fieldsOf(session, row)
  const variant = {
    suffix_code: row.code,
    description: row.description ?? null,
    identifiers,
    ...fields['product.product'],
  }
  const template = {
    name: row.name,
    type: row.type ?? 'goods',
    default_uom: unit,
    sale_uom: unit,
    salable: true,
    list_price: wire.decimal('0'),
    ...(category === null ? {} : { account_category: category }),
    products: [['create', [variant]]],
    ...fields['product.template'],
  }
  const made = session.client.call(ids.min(1), 'model.product.template.create', [[template]])
  return creating(
    key,
    made.then(([id = 0]) => variantOf(session, id)),
  )
}

async function variantOf(session: Session, template: number): Promise<number> {
  const [variant] = await searchRead(session, 'product.product', FOUND, {
    where: [['template', '=', template]],
    fields: ['id'],
  }).catch((cause: unknown) => {
    // The product is there; only its number is not known, so the find settles it.
    throw new Unanswered('passing', 'Tryton made the product and did not say under which id.', { cause })
  })
  if (!variant) throw new Unanswered('surprise', 'Tryton made a product without a variant.')
  return variant.id
}

async function update(session: Session, id: string, row: ProductWriteRow): Promise<string> {
  const [there] = await searchRead(session, 'product.product', TEMPLATES, {
    where: [['id', 'in', numbers([id])]],
    fields: ['template', 'identifiers.type', 'identifiers.code'],
  })
  if (!there) throw new Problem('refused', `Tryton has no product with the id ${id} any more.`)
  const fields = await fieldsOf(session, row)
  const shared = {
    ...fields['product.template'],
    ...(row.name === undefined ? {} : { name: row.name }),
    ...(row.tax_percent === undefined
      ? {}
      : { account_category: await categoryId(session, row.tax_percent) }),
  }
  const own = {
    ...fields['product.product'],
    ...(row.code === undefined ? {} : { suffix_code: row.code }),
    ...(row.description === undefined ? {} : { description: row.description }),
    ...(row.active === undefined ? {} : { active: row.active }),
    ...(row.ean === undefined ? {} : eanChange(there.identifiers, row.ean)),
  }
  if (Object.keys(shared).length > 0)
    await session.client.call(z.unknown(), 'model.product.template.write', [[there.template], shared])
  if (Object.keys(own).length > 0)
    await session.client.call(z.unknown(), 'model.product.product.write', [[there.id], own])
  return id
}

/** A variant shows the fields of its template too, and cannot write them: so the template is asked first. */
const MODELS = ['product.template', 'product.product'] as const
const OURS =
  'name code suffix_code description type active default_uom sale_uom salable list_price account_category identifiers products template'
const fieldsOf = (session: Session, row: ProductWriteRow) =>
  ownValues(session, row.fields, MODELS, OURS.split(' '))

function eanChange(identifiers: readonly { id: number; type: string | null; code: string }[], ean: string) {
  const eans = identifiers.filter(each => each.type === 'ean')
  if (eans.some(each => each.code === ean)) return {}
  const [old] = eans
  return {
    identifiers: old ? [['write', [old.id], { code: ean }]] : [['create', [{ type: 'ean', code: ean }]]],
  }
}

function unitId(session: Session, symbol: string): Promise<number> {
  return remembered(session, `unit ${symbol}`, async () => {
    const [found] = await searchRead(session, 'product.uom', FOUND, {
      where: [['symbol', '=', symbol]],
      fields: ['id'],
    })
    if (!found) throw new Problem('refused', `Tryton has no unit with the symbol "${symbol}".`)
    return found.id
  })
}

/** Taxes belong to accounting categories; the one whose only customer tax has this rate. */
function categoryId(session: Session, percent: string): Promise<number> {
  return remembered(session, `category ${percent}`, async () => {
    const where = [['accounting', '=', true]]
    const found = await searchRead(session, 'product.category', CATEGORIES, {
      where,
      fields: ['customer_taxes.rate'],
    })
    const fitting = found.find(
      ({ customer_taxes: [tax, second] }) => tax?.rate && !second && equal(percentOf(tax.rate), percent),
    )
    if (!fitting)
      throw new Problem(
        'refused',
        `Tryton has no accounting category with just a tax of ${percent} %. Create one there and try again.`,
      )
    return fitting.id
  })
}

const IDENTIFIERS = z.array(z.looseObject({ id: z.int(), type: z.string().nullable(), code: z.string() }))
const RATES = z.array(z.looseObject({ rate: z.string().nullable() }))
const TEMPLATES = z.array(z.looseObject({ id: z.int(), template: z.int(), identifiers: IDENTIFIERS }))
const CATEGORIES = z.array(z.looseObject({ id: z.int(), customer_taxes: RATES }))
const FOUND = z.array(z.looseObject({ id: z.int() }))
