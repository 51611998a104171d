import { orProblem, Problem, shotNow, writeEach, type Outcome, type Write } from '@linchpin/connector'
import { absolute, add, compare, equal, isZero, multiply, subtract } from '@linchpin/model'
import { z } from 'zod'
import { addressId } from './addresses.ts'
import { button, cancelOrder } from './order-cancel.ts'
import { encoded, roundingLine, saleLines, type SaleLine } from './order-lines.ts'
import type { OrderRow } from './order-row.ts'
import { ownValues, saysTheSame } from './own-fields.ts'
import { currencyId, paymentTermId, serviceProduct, warehouseOf } from './lookups.ts'
import { creating, shortKey } from './outcomes.ts'
import { ids, numbers, searchRead, type Session } from './session.ts'
import { wire } from './wire.ts'

export function writeOrders(
  session: Session,
  writes: readonly Write<OrderRow>[],
  get: (session: Session, ids: readonly string[]) => Promise<readonly { version: string }[]>,
): Promise<readonly Outcome[]> {
  return writeEach(writes, session.io.signal, async write => {
    const id = write.id ?? (await findOrders(session, [write])).get(write.key)
    const made = id === undefined ? await create(session, write) : { id }
    if ('is' in made) return made
    if (id !== undefined && !(await stateOf(session, id)))
      return {
        key: write.key,
        is: 'refused',
        problem: new Problem('refused', `Tryton has no order with the id ${id} any more.`),
      }
    const rest = await orProblem(converge(session, made.id, write))
    const shot = await shotNow(session, made.id, get)
    const number = rest?.kind === 'passing' ? null : await numberOf(session, made.id)
    return {
      key: write.key,
      is: 'applied',
      id: made.id,
      version: shot?.version ?? null,
      ...(number === null ? {} : { number }),
      ...(rest === null ? {} : { rest }),
    }
  })
}

/** `reference` is not unique in Tryton, and copying an order copies it: the oldest one is ours. */
export async function findOrders(
  session: Session,
  writes: readonly Write<OrderRow>[],
): Promise<ReadonlyMap<string, string>> {
  if (writes.length === 0) return new Map()
  const { company } = await session.client.context()
  const ends = writes.map(write => ['reference', 'like', `%${escapeLike(mark(write.key))}`])
  const where = [
    ['company', '=', company],
    ['OR', ...ends],
  ]
  const found = await searchRead(session, 'sale.sale', REFERENCES, { where, fields: ['reference'] })
  const ours = writes.flatMap(write => {
    const sale = found.find(each => each.reference.endsWith(mark(write.key)))
    return sale ? [[write.key, String(sale.id)] as const] : []
  })
  return new Map(ours)
}

/** After the shop's own number, which people search for, stands our key, which we search for: '1042 [shop/1042]'. */
const mark = (key: string) => `[${shortKey(key)}]`
const referenceOf = ({ key, row }: Write<OrderRow>) => `${row.reference} ${mark(key)}`
const escapeLike = (text: string) => text.replace(/[\\%_]/g, character => `\\${character}`)

async function create(session: Session, write: Write<OrderRow>) {
  const { row } = write
  if (row.state === 'cancelled')
    throw new Problem(
      'refused',
      `Order ${row.reference} was cancelled before it reached Tryton; there is nothing to cancel.`,
    )
  const values = await valuesOf(session, write)
  const lines = await saleLines(session, row.lines, row.charges)
  const body = { ...values, lines: [['create', lines.map(encoded)]] }
  return creating(
    write.key,
    session.client.call(ONE, 'model.sale.sale.create', [[body]]).then(([id = 0]) => id),
  )
}

async function valuesOf(session: Session, { key, row }: Write<OrderRow>) {
  const places = new Set((row.places ?? []).map(place => place.trim()))
  if (places.size > 1)
    throw new Problem(
      'refused',
      `Order ${row.reference} goes to ${places.size} addresses; an order in Tryton goes to one. Split it in the shop.`,
    )
  const [party] = numbers([row.party])
  if (party === undefined)
    throw new Problem(
      'refused',
      `Order ${row.reference} names the party "${row.party}", which is no id of Tryton's.`,
    )
  const { invoice_address, shipment_address } = row
  const billing = invoice_address ?? shipment_address ?? {}
  const invoiceAddress = await addressId(session, party, billing)
  const term = await paymentTermId(session)
  return {
    party,
    company: (await session.client.context()).company,
    reference: referenceOf({ id: null, key, row }),
    currency: await currencyId(session, row.currency),
    warehouse: (await warehouseOf(session)).id,
    invoice_address: invoiceAddress,
    shipment_address: shipment_address ? await addressId(session, party, shipment_address) : invoiceAddress,
    ...(term === null ? {} : { payment_term: term }),
    ...(row.description === undefined ? {} : { description: row.description }),
    ...(row.comment === undefined ? {} : { comment: row.comment }),
    ...(row.sale_date === undefined ? {} : { sale_date: wire.date(row.sale_date) }),
    ...(await fieldsOf(session, row)),
  }
}

const OURS =
  'party company reference currency warehouse invoice_address shipment_address payment_term description comment sale_date lines state number'
const fieldsOf = async (session: Session, row: OrderRow) =>
  (await ownValues(session, row.fields, ['sale.sale'], OURS.split(' ')))['sale.sale']

/** Reads how far the order is and does what is missing. Answers what cannot be done. */
async function converge(session: Session, id: string, write: Write<OrderRow>): Promise<Problem | null> {
  const { row } = write
  const sale = await stateOf(session, id)
  if (!sale) return new Problem('refused', `Tryton no longer has the order ${row.reference}.`)
  if (row.state === 'cancelled') return cancelOrder(session, Number(id), row.reference)
  if (sale.state === 'cancelled')
    return new Problem(
      'refused',
      `Order ${row.reference} was cancelled in Tryton (${sale.number ?? id}), and is open in the shop.`,
    )
  if (sale.state !== 'draft' && sale.state !== 'quotation') return confirmed(session, sale, row)
  const changed = await edit(session, Number(id), sale.state, write)
  const gate = await moneyGate(session, Number(id), row)
  if (gate !== null || row.state === 'draft') return gate
  if (sale.state === 'draft' || changed) await button(session, 'quote', id)
  return session.settings.process ? confirm(session, id) : null
}

/**
 * Confirming starts the processing at once, unless the server has workers for it; asking again does no harm. A button
 * that does not fit the state answers with nothing and does nothing, so only the state tells.
 */
async function confirm(session: Session, id: string): Promise<Problem | null> {
  await button(session, 'confirm', id)
  const sale = await stateOf(session, id)
  if (sale?.state === 'confirmed') await button(session, 'process', id)
  if (sale && ['confirmed', 'processing', 'done'].includes(sale.state)) return null
  return new Problem(
    'conflict',
    `Order ${sale?.number ?? id} is ${sale?.state ?? 'gone'} in Tryton after confirming it. Look at it there.`,
  )
}

/** Brings a draft to what the shop says. A quotation goes back to draft for it, and is quoted again. */
async function edit(session: Session, id: number, state: string, write: Write<OrderRow>): Promise<boolean> {
  const wanted = await saleLines(session, write.row.lines, write.row.charges)
  const rounding = (await serviceProduct(session, 'rounding')).id
  const held = await heldLines(session, id)
  const there = held.filter(line => line.product !== rounding)
  const values = await valuesOf(session, write)
  const sameLines = JSON.stringify(there.map(signature)) === JSON.stringify(wanted.map(signature))
  const sameHead = await holds(session, id, values)
  if (sameLines && sameHead) return false
  if (state === 'quotation') await button(session, 'draft', String(id))
  const lines = sameLines
    ? {}
    : {
        lines: [
          ['delete', held.map(line => line.id)],
          ['create', wanted.map(encoded)],
        ],
      }
  await session.client.call(z.unknown(), 'model.sale.sale.write', [[id], { ...values, ...lines }])
  return true
}

async function holds(
  session: Session,
  id: number,
  values: Readonly<Record<string, unknown>>,
): Promise<boolean> {
  const fields = Object.keys(values)
  const [there] = await searchRead(session, 'sale.sale', ANY, { where: [['id', '=', id]], fields })
  return fields.every(name => saysTheSame(there?.[name], values[name]))
}

/** The total that the customer was shown is the truth. What is left by rounding becomes a line; more stops the order. */
async function moneyGate(session: Session, id: number, row: OrderRow): Promise<Problem | null> {
  const total = await totalOf(session, id)
  const difference = subtract(row.total_amount, total)
  if (isZero(difference)) return null
  const count = String(row.lines.length + row.charges.length)
  const most = add(multiply(session.settings.tolerance, count), absolute(row.rounding_amount ?? '0'))
  if (compare(absolute(difference), most) > 0) return differs(row, total)
  const rounding = (await serviceProduct(session, 'rounding')).id
  const lines = await heldLines(session, id)
  const old = lines.find(line => line.product === rounding)
  const line = await roundingLine(session, add(difference, old?.unit_price ?? '0'))
  const removed = old ? [['delete', [old.id]]] : []
  await session.client.call(z.unknown(), 'model.sale.sale.write', [
    [id],
    { lines: [...removed, ['create', [encoded(line)]]] },
  ])
  const now = await totalOf(session, id)
  return equal(now, row.total_amount) ? null : differs(row, now)
}

function differs(row: OrderRow, total: string): Problem {
  const { reference, total_amount, currency } = row
  return new Problem(
    'refused',
    `Order ${reference} comes to ${total_amount} ${currency} in the shop and to ${total} ${currency} in Tryton. The draft waits there unconfirmed: compare its prices and taxes.`,
  )
}

/** Of a confirmed order the comment and own fields may still change; the rest must be as the shop has it. */
async function confirmed(session: Session, sale: State, row: OrderRow): Promise<Problem | null> {
  const values = {
    ...(await fieldsOf(session, row)),
    ...(row.comment !== undefined && row.comment !== (sale.comment ?? '') && { comment: row.comment }),
  }
  if (Object.keys(values).length > 0 && !(await holds(session, sale.id, values)))
    await session.client.call(z.unknown(), 'model.sale.sale.write', [[sale.id], values])
  return sameAsShop(session, sale, row)
}

/** Once confirmed an order is Tryton's; a change in the shop is for a person to carry over. */
async function sameAsShop(session: Session, sale: State, row: OrderRow): Promise<Problem | null> {
  const name = sale.number ?? String(sale.id)
  if (!equal(sale.total_amount, row.total_amount))
    return new Problem(
      'refused',
      `Order ${row.reference} now comes to ${row.total_amount} ${row.currency} in the shop, and order ${name} in Tryton, which is ${sale.state}, to ${sale.total_amount}. Change it there by hand.`,
    )
  const wanted = await saleLines(session, row.lines, [])
  const there = await heldLines(session, sale.id)
  const missing = wanted.find(line => line.type === 'line' && !there.some(each => sameGoods(each, line)))
  if (missing)
    return new Problem(
      'refused',
      `Order ${row.reference} has ${missing.quantity} × "${missing.description}" in the shop, and order ${name} in Tryton, which is ${sale.state}, has not. Change it there by hand.`,
    )
  if (sale.state === 'confirmed' && session.settings.process)
    await button(session, 'process', String(sale.id))
  return null
}

const sameGoods = (left: SaleLine, right: SaleLine) =>
  left.product === right.product && left.quantity === right.quantity

async function heldLines(
  session: Session,
  sale: number,
): Promise<readonly (SaleLine & { readonly id: number })[]> {
  const fields = ['type', 'product', 'unit', 'quantity', 'unit_price', 'description', 'note', 'taxes']
  return searchRead(session, 'sale.line', HELD, { where: [['sale', '=', sale]], fields })
}

const signature = (line: SaleLine) => [
  line.type,
  line.product,
  line.unit,
  line.quantity,
  line.unit_price === null ? null : Number(line.unit_price),
  line.description,
  line.taxes.toSorted((left, right) => left - right),
]

async function stateOf(session: Session, id: string): Promise<State | null> {
  const where = [['id', 'in', numbers([id])]]
  const [sale] = await searchRead(session, 'sale.sale', STATES, {
    where,
    fields: ['state', 'number', 'total_amount', 'comment'],
  })
  return sale ?? null
}
const totalOf = async (session: Session, id: number) =>
  (await stateOf(session, String(id)))?.total_amount ?? '0'
async function numberOf(session: Session, id: string): Promise<string | null> {
  if (session.io.signal.aborted) return null
  return stateOf(session, id).then(
    sale => sale?.number ?? null,
    () => null,
  )
}

type State = z.infer<typeof STATES>[number]
const STATES = z.array(
  z.looseObject({ id: z.int(), state: z.string(), number: z.string().nullable(), total_amount: z.string() }),
)
const REFERENCES = z.array(z.looseObject({ id: z.int(), reference: z.string() }))
const ONE = ids.min(1)
const ANY = z.array(z.looseObject({ id: z.int() }))
const HELD = z.array(
  z.looseObject({
    id: z.int(),
    type: z.string(),
    product: z.int().nullable(),
    unit: z.int().nullable(),
    quantity: z.number().nullable(),
    unit_price: z.string().nullable(),
    description: z.string().nullable(),
    note: z.string().nullable(),
    taxes: z.array(z.int()),
  }),
)
