import {
  Problem,
  shotNow,
  writeEach,
  type Entity,
  type Outcome,
  type Snapshot,
  type Write,
} from '@linchpin/connector'
import { contentHash, equal } from '@linchpin/model'
import { z } from 'zod'
import { changesOf } from './changes.ts'
import { idText } from './fields.ts'
import { companyOf } from './lookups.ts'
import { creating } from './outcomes.ts'
import { ids, numbers, searchRead, type Session } from './session.ts'

/**
 * A price list. Its lines hold formulas in a small Python; one that is a plain number for one product is an item. Lines
 * with other formulas (`list_price * 0.9`, a whole category) are kept in the row, and counted in `formula_lines`. Who gets a list stands at the party; Tryton cannot be asked for it from here.
 */
const priceListRow = z.looseObject({
  id: z.int(),
  name: z.string(),
  active: z.boolean(),
  tax_included: z.boolean(),
  currency: z.string(),
  items: z.array(
    z.object({
      product: z.int(),
      code: z.string().nullable(),
      quantity: z.number().nullable(),
      unit_price: z.string(),
    }),
  ),
  formula_lines: z.int(),
  write_date: z.string().nullable(),
  create_date: z.string(),
})
type PriceListRow = z.infer<typeof priceListRow>

const priceListWriteRow = z.looseObject({
  name: z.string(),
  currency: z.string(),
  tax_included: z.boolean(),
  active: z.boolean().optional(),
  items: z.array(
    z.looseObject({ product: z.string(), quantity: z.string().optional(), unit_price: z.string() }),
  ),
})
type PriceListWriteRow = z.infer<typeof priceListWriteRow>

const NUMBER = /^\s*(?:Decimal\(['"]?)?(\d+(?:\.\d+)?)(?:['"]?\))?\s*$/

async function getPriceLists(
  session: Session,
  texts: readonly string[],
): Promise<readonly Snapshot<PriceListRow>[]> {
  const wanted = numbers(texts)
  if (wanted.length === 0) return []
  const { id: company, currency } = await companyOf(session)
  const line = ['sequence', 'category', 'quantity', 'formula', 'product.code'].map(name => `lines.${name}`)
  const fields = [
    'name',
    'active',
    'tax_included',
    'write_date',
    'create_date',
    ...line,
    ...(session.settings.fields.PriceList ?? []),
  ]
  const where = [
    ['id', 'in', wanted],
    ['company', '=', company],
  ]
  const found = await searchRead(session, 'product.price_list', RAW, { where, fields })
  return found.map(raw => {
    const items = raw.lines.flatMap(({ product, category, quantity, formula }) => {
      const unit_price = NUMBER.exec(formula)?.[1]
      if (!product || category !== null || unit_price === undefined) return []
      return [{ product: product.id, code: product.code, quantity, unit_price }]
    })
    const row = priceListRow.parse({
      ...raw,
      currency,
      items,
      formula_lines: raw.lines.length - items.length,
    })
    return { id: String(row.id), version: contentHash(row), row }
  })
}

export const priceLists: Entity<Session, 'PriceList', PriceListRow, PriceListWriteRow> = {
  schema: priceListRow,
  mapping: {
    from: 'tryton.PriceList',
    to: 'PriceList',
    fields: {
      id: idText('id'),
      name: 'name',
      currency: 'currency',
      taxInclusive: 'tax_included',
      items: {
        each: 'items',
        as: {
          product: idText('product'),
          sku: 'code',
          minimumQuantity: { format: 'decimal', of: 'quantity' },
          amount: 'unit_price',
        },
      },
      active: 'active',
      modifiedAt: { first: ['write_date', 'create_date'] },
    },
  },
  changes: changesOf({
    sources: [{ model: 'product.price_list' }, { model: 'product.price_list.line', target: 'price_list' }],
    get: getPriceLists,
  }),
  get: getPriceLists,
  writer: {
    schema: priceListWriteRow,
    mapping: {
      from: 'PriceList',
      to: 'tryton.PriceList',
      fields: {
        name: 'name',
        currency: 'currency',
        tax_included: 'taxInclusive',
        active: 'active',
        items: {
          each: 'items',
          as: {
            product: { link: 'Product', of: 'product', by: { sku: 'sku' } },
            quantity: 'minimumQuantity',
            unit_price: 'amount',
          },
        },
      },
    },
    batch: 5,
    // A list has no room for our key; its name is how people tell lists apart, so two of one name are never made.
    repeat: 'find',
    settleMs: 15_000,
    find: async (session, writes) => {
      const found = await byName(
        session,
        writes.map(({ row }) => row.name),
      )
      return new Map(
        writes.flatMap(({ key, row }) =>
          found.has(row.name) ? [[key, found.get(row.name) ?? ''] as const] : [],
        ),
      )
    },
    write: writePriceLists,
  },
}

function writePriceLists(
  session: Session,
  writes: readonly Write<PriceListWriteRow>[],
): Promise<readonly Outcome[]> {
  return writeEach(writes, session.io.signal, async ({ key, id, row }) => {
    const { currency } = await companyOf(session)
    if (row.currency !== currency)
      throw new Problem(
        'refused',
        `Price list "${row.name}" is in ${row.currency}, and Tryton's lists are in ${currency}.`,
      )
    const there = id ?? (await byName(session, [row.name])).get(row.name)
    const outcome =
      there === undefined ? await create(session, key, row) : { id: await update(session, there, row) }
    if ('is' in outcome) return outcome
    return {
      key,
      is: 'applied',
      id: outcome.id,
      version: (await shotNow(session, outcome.id, getPriceLists))?.version ?? null,
    }
  })
}

function create(session: Session, key: string, row: PriceListWriteRow) {
  const values = { ...head(row), lines: [['create', linesOf(row)]] }
  return creating(
    key,
    session.client.call(ids.min(1), 'model.product.price_list.create', [[values]]).then(([id = 0]) => id),
  )
}

/** Our items replace the items that are there; lines with formulas are the operator's and stay, behind ours. */
async function update(session: Session, id: string, row: PriceListWriteRow): Promise<string> {
  const line = ['category', 'formula', 'product', 'quantity'].map(name => `lines.${name}`)
  const [there] = await searchRead(session, 'product.price_list', HELD, {
    where: [['id', 'in', numbers([id])]],
    fields: line,
  })
  if (!there) throw new Problem('refused', `Tryton has no price list with the id ${id} any more.`)
  const items = there.lines.filter(
    each => each.product !== null && each.category === null && NUMBER.test(each.formula),
  )
  const wanted = linesOf(row)
  const same = items.length === wanted.length && items.every((item, at) => sameLine(item, wanted[at]))
  const lines = same
    ? {}
    : {
        lines: [
          ['delete', items.map(item => item.id)],
          ['create', wanted],
        ],
      }
  await session.client.call(z.unknown(), 'model.product.price_list.write', [
    [there.id],
    { ...head(row), ...lines },
  ])
  return id
}

const head = ({ name, tax_included, active }: PriceListWriteRow) => ({
  name,
  tax_included,
  ...(active === undefined ? {} : { active }),
})

/**
 * Tryton takes the first line that fits, so larger quantities stand first; and a formula must come to a Decimal, which
 * '10.0' does and '10' does not.
 */
function linesOf(row: PriceListWriteRow) {
  const items = row.items.map(({ product, quantity, unit_price }) => ({
    product: Number(product),
    quantity: quantity === undefined ? null : Number(quantity),
    formula: formulaOf(unit_price),
  }))
  const sorted = items.toSorted(
    (left, right) => left.product - right.product || (right.quantity ?? 0) - (left.quantity ?? 0),
  )
  return sorted.map((item, index) => ({ ...item, sequence: index - sorted.length }))
}

const formulaOf = (amount: string) => (amount.includes('.') ? amount : `${amount}.0`)

function sameLine(
  item: z.infer<typeof HELD>[number]['lines'][number],
  wanted?: ReturnType<typeof linesOf>[number],
): boolean {
  const price = NUMBER.exec(item.formula)?.[1] ?? '0'
  return (
    wanted !== undefined &&
    item.product === wanted.product &&
    item.quantity === wanted.quantity &&
    equal(price, wanted.formula)
  )
}

async function byName(session: Session, names: readonly string[]): Promise<ReadonlyMap<string, string>> {
  if (names.length === 0) return new Map()
  const { company } = await session.client.context()
  const where = [
    ['name', 'in', names],
    ['company', '=', company],
  ]
  const found = await searchRead(session, 'product.price_list', NAMES, { where, fields: ['name'] })
  return new Map(found.toReversed().map(list => [list.name, String(list.id)]))
}

const LINE = z.looseObject({
  id: z.int(),
  category: z.int().nullable(),
  quantity: z.number().nullable(),
  formula: z.string(),
})
const RAW = z.array(
  z.looseObject({
    id: z.int(),
    lines: z.array(
      LINE.extend({ product: z.looseObject({ id: z.int(), code: z.string().nullable() }).nullable() }),
    ),
  }),
)
const HELD = z.array(
  z.looseObject({ id: z.int(), lines: z.array(LINE.extend({ product: z.int().nullable() })) }),
)
const NAMES = z.array(z.looseObject({ id: z.int(), name: z.string() }))
