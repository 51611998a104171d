import { text, type Behaviour, type Books, type Row } from './books.ts'
import { lineAmount, taxesOf, totalsOf } from './amounts.ts'
import { UserError } from './errors.ts'

/** An order's way: draft → quotation → confirmed → processing → done, with shipments and invoices as they come due. */

const rows = (books: Books, model: string, ids: unknown) => (ids as number[]).map(id => books.need(model, id))
const linesOf = (books: Books, sale: Row) => books.having('sale.line', 'sale', sale.id)
const movesOf = (books: Books, line: Row) => books.having('stock.move', 'origin', `sale.line,${line.id}`)
const billsOf = (books: Books, line: Row) =>
  books.having('account.invoice.line', 'origin', `sale.line,${line.id}`)
const isGoods = (books: Books, line: Row) =>
  line['product'] != null &&
  books.value('product.product', books.need('product.product', line['product']), 'type') === 'goods'

/** A button that does not fit the state does nothing and says nothing: Tryton leaves such records out. */
export function button(books: Books, name: string, id: number): void {
  const sale = books.need('sale.sale', id)
  const [from, act] = BUTTONS[name] ?? [[], () => undefined]
  if (from.includes(String(sale['state']))) act(books, sale)
}

const BUTTONS: Readonly<Record<string, readonly [readonly string[], (books: Books, sale: Row) => void]>> = {
  quote: [['draft'], quote],
  confirm: [['quotation'], confirm],
  draft: [
    ['cancelled', 'quotation', 'confirmed'],
    (books, sale) => books.write('sale.sale', sale.id, { state: 'draft' }),
  ],
  cancel: [
    ['draft', 'quotation'],
    (books, sale) => books.write('sale.sale', sale.id, { state: 'cancelled' }),
  ],
  process: [['confirmed', 'processing', 'done'], process],
}

function quote(books: Books, sale: Row): void {
  if (!sale['invoice_address'] || !sale['shipment_address'])
    throw new UserError(`To get a quote for sale "${sale.id}", you must enter an address for the party.`)
  books.write('sale.sale', sale.id, {
    state: 'quotation',
    number: sale['number'] ?? nextNumber(books, 'sale.sale'),
  })
}

function confirm(books: Books, sale: Row): void {
  books.write('sale.sale', sale.id, { state: 'confirmed', sale_date: sale['sale_date'] ?? books.today() })
  process(books, books.need('sale.sale', sale.id))
}

/** Makes what is due and moves the states. An order whose states stay as they are is not touched, nor is its stamp. */
function process(books: Books, sale: Row): void {
  makeInvoice(books, sale)
  makeShipment(books, sale)
  const shipment_state = shipmentState(books, sale)
  const invoice_state = invoiceState(books, sale)
  const isDone = ['paid', 'none'].includes(invoice_state) && ['sent', 'none'].includes(shipment_state)
  const changes = { state: isDone ? 'done' : 'processing', shipment_state, invoice_state }
  const differs = Object.entries(changes).some(([name, value]) => sale[name] !== value)
  if (differs) books.write('sale.sale', sale.id, changes)
}

/** Services are billed at once, goods when they are sent. */
function makeInvoice(books: Books, sale: Row): void {
  const lines = linesOf(books, sale).flatMap(line => {
    if (line['type'] !== 'line') return []
    const billed = total(billsOf(books, line))
    const due =
      (isGoods(books, line)
        ? total(movesOf(books, line).filter(move => move['state'] === 'done'))
        : Number(line['quantity'])) - billed
    const { type, product, unit, unit_price, description, taxes } = line
    return due === 0
      ? []
      : [
          {
            type,
            product,
            unit,
            unit_price,
            description,
            taxes: [['add', taxes]],
            quantity: due,
            origin: `sale.line,${line.id}`,
          },
        ]
  })
  if (lines.length === 0) return
  const { party, company, currency, invoice_address, payment_term } = sale
  invoiceWith(books, { party, company, currency, invoice_address, payment_term: payment_term ?? null }, lines)
}

export function invoiceWith(
  books: Books,
  head: Record<string, unknown>,
  lines: readonly Record<string, unknown>[],
): number {
  const invoice = books.create('account.invoice', { ...head, lines: [['create', lines]] })
  const made = books.having('account.invoice.line', 'invoice', invoice)
  for (const tax of taxesOf(books, made)) books.create('account.invoice.tax', { invoice, ...tax })
  return invoice
}

function makeShipment(books: Books, sale: Row): void {
  const due = linesOf(books, sale).flatMap(line => {
    if (line['type'] !== 'line' || !isGoods(books, line)) return []
    const planned = movesOf(books, line).filter(
      move => move['state'] !== 'cancelled' || !isToMakeAgain(line, move),
    )
    const open = Number(line['quantity']) - total(planned)
    return open > 0 ? [{ line, open }] : []
  })
  if (due.length === 0) return
  const { party: customer, shipment_address: delivery_address, company } = sale
  const moves = due.map(({ line, open }) => ({
    product: line['product'],
    uom: line['unit'],
    quantity: open,
    origin: `sale.line,${line.id}`,
    from_location: place(books, 'OUT'),
    to_location: place(books, 'CUS'),
  }))
  const number = nextNumber(books, 'stock.shipment.out')
  books.create('stock.shipment.out', {
    number,
    customer,
    delivery_address,
    company,
    planned_date: books.today(),
    moves: [['create', moves]],
  })
}

/** What was cancelled is made again only when a person asked for it, which the look-alike's people never do. */
const isToMakeAgain = (_line: Row, _move: Row) => false

function shipmentState(books: Books, sale: Row): string {
  const lines = linesOf(books, sale).filter(line => line['type'] === 'line' && isGoods(books, line))
  const moves = lines.flatMap(line => movesOf(books, line))
  if (moves.length === 0) return 'none'
  const ignored = (line: Row) => (line['moves_ignored'] ?? []) as number[]
  const exception = lines.some(line =>
    movesOf(books, line).some(move => move['state'] === 'cancelled' && !ignored(line).includes(move.id)),
  )
  if (exception) return 'exception'
  const sent = lines.every(
    line =>
      total(
        movesOf(books, line).filter(move => move['state'] === 'done' || ignored(line).includes(move.id)),
      ) >= Number(line['quantity']),
  )
  return sent ? 'sent' : 'waiting'
}

function invoiceState(books: Books, sale: Row): string {
  const left = rows(books, 'account.invoice', invoicesOf(books, sale)).filter(
    each => !((sale['invoices_ignored'] ?? []) as number[]).includes(each.id),
  )
  if (left.length === 0) return 'none'
  if (left.some(each => each['state'] === 'cancelled')) return 'exception'
  return left.every(each => each['state'] === 'paid') ? 'paid' : 'waiting'
}

const invoicesOf = (books: Books, sale: Row) => [
  ...new Set(
    linesOf(books, sale)
      .flatMap(line => billsOf(books, line))
      .map(each => Number(each['invoice'])),
  ),
]
const shipmentsOf = (books: Books, sale: Row) => {
  const names = linesOf(books, sale)
    .flatMap(line => movesOf(books, line))
    .map(move => String(move['shipment']))
  return [...new Set(names)].map(name => Number(name.split(',')[1]))
}
const salesOf = (books: Books, lines: readonly Row[]) => [
  ...new Set(lines.flatMap(line => saleOf(books, line['origin']) ?? [])),
]
export function saleOf(books: Books, origin: unknown): number | null {
  const line = /^sale\.line,(\d+)$/.exec(String(origin))?.[1]
  return line === undefined ? null : Number(books.find('sale.line', line)?.['sale'] ?? NaN) || null
}

/** Leaves cancelled shipments or invoices as they are: the answer "recreate nothing" to Tryton's exception wizards. */
export function ignore(books: Books, id: number, what: 'moves' | 'invoices'): void {
  const sale = books.need('sale.sale', id)
  if (what === 'invoices') {
    const cancelled = rows(books, 'account.invoice', invoicesOf(books, sale)).filter(
      each => each['state'] === 'cancelled',
    )
    books.write('sale.sale', id, { invoices_ignored: [['add', cancelled.map(each => each.id)]] })
  } else
    for (const line of linesOf(books, sale)) {
      const cancelled = movesOf(books, line).filter(move => move['state'] === 'cancelled')
      books.write('sale.line', line.id, { moves_ignored: [['add', cancelled.map(each => each.id)]] })
    }
  process(books, books.need('sale.sale', id))
}

export function cancelShipment(books: Books, id: number): void {
  const shipment = books.need('stock.shipment.out', id)
  if (['packed', 'done', 'cancelled'].includes(String(shipment['state']))) return
  const moves = books.where('stock.move', move => move['shipment'] === `stock.shipment.out,${id}`)
  for (const move of moves) books.write('stock.move', move.id, { state: 'cancelled' })
  books.write('stock.shipment.out', id, { state: 'cancelled' })
  processAll(books, moves)
}

export function cancelInvoice(books: Books, id: number): void {
  const invoice = books.need('account.invoice', id)
  if (!['draft', 'validated'].includes(String(invoice['state']))) return
  books.write('account.invoice', id, { state: 'cancelled' })
  processAll(
    books,
    books.where('account.invoice.line', line => line['invoice'] === id),
  )
}

export const processAll = (books: Books, lines: readonly Row[]) => {
  for (const sale of salesOf(books, lines)) process(books, books.need('sale.sale', sale))
}
const total = (some: readonly Row[]) => some.reduce((sum, row) => sum + Number(row['quantity']), 0)
export const place = (books: Books, code: string) =>
  books.all('stock.location').find(each => each['code'] === code)?.id ?? 0
export const nextNumber = (books: Books, model: string) =>
  String(1 + Math.max(0, ...books.all(model).map(row => Number(row['number']) || 0)))

const amounts = Object.fromEntries(
  (['untaxed_amount', 'tax_amount', 'total_amount'] as const).map(name => [
    name,
    (model: string, by: string) => (books: Books, row: Row) =>
      totalsOf(books, books.having(model, by, row.id))[name],
  ]),
)
const amountsOf = (model: string, by: string) =>
  Object.fromEntries(Object.entries(amounts).map(([name, compute]) => [name, compute(model, by)]))

export const saleBehaviours: Readonly<Record<string, Behaviour>> = {
  'sale.sale': {
    before: (books, values, old) => (old ? values : { company: 1, currency: 1, ...values }),
    fields: {
      ...amountsOf('sale.line', 'sale'),
      shipments: shipmentsOf,
      invoices: invoicesOf,
    },
    beforeDelete: (_books, sale) => {
      if (!['draft', 'quotation', 'cancelled'].includes(String(sale['state'])))
        throw new UserError(`To delete sale "${text(sale['number'] ?? sale.id)}" you must cancel it.`)
    },
  },
  'sale.line': { before: checkDigits, fields: { amount: (_books, row) => lineAmount(row) } },
  'account.invoice': {
    fields: {
      ...amountsOf('account.invoice.line', 'invoice'),
      sales: (books, row) =>
        salesOf(
          books,
          books.where('account.invoice.line', line => line['invoice'] === row.id),
        ),
      amount_to_pay: (books, row) =>
        row['state'] === 'posted'
          ? totalsOf(
              books,
              books.where('account.invoice.line', line => line['invoice'] === row.id),
            ).total_amount
          : '0',
    },
  },
  'account.invoice.line': { fields: { amount: (_books, row) => lineAmount(row) } },
}

/** Half a piece and a hundredth of a cent more than four decimals are refused by the digits of unit and price. */
function checkDigits(books: Books, values: Readonly<Record<string, unknown>>, old: Row | null) {
  const unit = books.find('product.uom', values['unit'] ?? old?.['unit'])
  const digits = Number(unit?.['digits'] ?? 2)
  const quantity = values['quantity']
  if (
    typeof quantity === 'number' &&
    Math.abs(quantity * 10 ** digits - Math.round(quantity * 10 ** digits)) > 1e-9
  )
    throw new UserError(
      `The number of digits in the value "${quantity}" for field "Quantity" in "Sale Line" exceeds the limit of "${digits}".`,
    )
  const price = values['unit_price']
  if (typeof price === 'string' && (price.split('.')[1] ?? '').length > 4)
    throw new UserError(
      `The number of digits in the value "Decimal('${price}')" for field "Unit Price" in "Sale Line" exceeds the limit of "4".`,
    )
  return values
}
