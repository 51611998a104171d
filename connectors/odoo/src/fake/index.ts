import { Faults, Shelf, type Handler } from '@linchpin/lookalike'
import { accountingBehaviours, creditInvoice, invoiceOrder, payInvoice } from './accounting.ts'
import { catalogueBehaviours } from './catalogue.ts'
import { answerApi, type Access, type Server } from './http.ts'
import { Orm, type Vals } from './orm.ts'
import { invoicePdf } from './pdf.ts'
import { cancelOrder, confirmOrder, salesBehaviours } from './sales.ts'
import { seedBasics, seedDemo } from './seed.ts'
import { adjustStock, assign, movesOf, stockBehaviours, validate } from './stock.ts'
import { answerWeb } from './web.ts'

export interface FakeOdooOptions {
  /** Where it keeps its books; a shelf without a path forgets. */
  readonly shelf?: Shelf
  readonly now: () => number
  /** 19 speaks /json/2 and /jsonrpc, before that there is only /jsonrpc. */
  readonly version?: 17 | 18 | 19
  /** Modules that are not installed: 'stock_delivery' takes the tracking numbers away. */
  readonly without?: readonly string[]
}

/**
 * A look-alike of Odoo for tests and demonstration: it is not Odoo and shares no line of code with it. It answers as
 * Odoo 17 and 19 were seen to answer, traps included, over a small model of its own.
 */
export interface FakeOdoo {
  readonly handler: Handler
  readonly faults: Faults
  readonly orm: Orm
  readonly access: Access
  readonly seedDemo: () => void
  readonly confirm: (order: number) => void
  /** Reserves for the order's open pickings and answers their ids. */
  readonly pick: (order: number) => readonly number[]
  /** Marks what is reserved as packed. */
  readonly pack: (picking: number) => void
  /** The picking leaves: all that is reserved, or so many per SKU; answers the id of the backorder, if any. */
  readonly ship: (picking: number, how?: Shipping) => number | null
  /** Does this as if it were so many milliseconds from now: -3600000 is an hour ago. */
  readonly at: (ms: number, work: () => void) => void
  /** Posts an invoice of what may be billed, without printing it. */
  readonly post: (order: number) => number
  /** Posts and prints an invoice of what may be billed; answers its id. */
  readonly invoice: (order: number) => Promise<number>
  readonly pay: (invoice: number, amount?: number) => number
  readonly credit: (invoice: number, reason?: string) => Promise<number>
  readonly cancel: (order: number) => void
  readonly adjustStock: (sku: string, quantity: number) => void
  readonly setPrice: (sku: string, price: number) => void
  readonly productId: (sku: string) => number
  /** Takes a right of our user away: `deny('account.move', 'read')`. */
  readonly deny: (model: string, operation: 'read' | 'write' | 'create') => void
  /** The next call that writes is done now and becomes visible only when the returned function is called. */
  readonly holdNextCommit: () => () => void
  /** Writes with the stamp of now; the returned function makes it visible, later. */
  readonly writeLate: (model: string, ids: readonly number[], vals: Vals) => () => void
}
export interface Shipping {
  readonly parts?: Readonly<Record<string, number>>
  readonly tracking?: string
  readonly carrier?: string
}

export const demoAccess: Access = {
  database: 'demo',
  login: 'linchpin@example.com',
  apiKey: 'demo-odoo-api-key',
  password: 'demo-odoo-password',
}

const behaviours = { ...catalogueBehaviours, ...salesBehaviours, ...stockBehaviours, ...accountingBehaviours }

export function fakeOdoo(options: FakeOdooOptions): FakeOdoo {
  const { version: major = 19, without = [] } = options
  let shift = 0
  const now = () => options.now() + shift
  const orm = new Orm(options.shelf ?? new Shelf(null), { major, without, now, behaviours })
  const faults = new Faults()
  const denied = new Set<string>()
  let held: Promise<void> | null = null
  const server: Server = {
    orm,
    access: demoAccess,
    denied,
    beforeCommit: async ({ method }) => {
      if (held === null || !/^(create|write|load|action_)/.test(method)) return
      const waiting = held
      held = null
      await waiting
    },
  }
  orm.transaction(() => seedBasics(orm))
  const within = <Result>(work: () => Result): Result => orm.transaction(work)
  const fake: FakeOdoo = {
    orm,
    faults,
    access: demoAccess,
    handler: faults.wrap(request => answer(server, fake, request)),
    seedDemo: () => within(() => seedDemo(orm)),
    confirm: order => within(() => confirmOrder(orm, order)),
    pick: order => within(() => pickings(orm, order).map(id => (assign(orm, id), id))),
    pack: picking =>
      within(() =>
        orm.write(
          'stock.move',
          movesOf(orm, picking).map(move => move.id),
          { picked: true },
        ),
      ),
    ship: (picking, how = {}) => within(() => ship(orm, picking, how)),
    at: (ms, work) => {
      shift = ms
      try {
        within(work)
      } finally {
        shift = 0
      }
    },
    post: order => within(() => invoiceOrder(orm, order)),
    invoice: async order =>
      print(
        orm,
        within(() => invoiceOrder(orm, order)),
      ),
    pay: (invoice, amount) => within(() => payInvoice(orm, invoice, amount)),
    credit: async (invoice, reason = 'returned') =>
      print(
        orm,
        within(() => creditInvoice(orm, invoice, reason)),
      ),
    cancel: order => void within(() => cancelOrder(orm, order, true)),
    adjustStock: (sku, quantity) => within(() => adjustStock(orm, productId(orm, sku), quantity)),
    setPrice: (sku, price) =>
      within(() => orm.write('product.product', [productId(orm, sku)], { lst_price: price })),
    productId: sku => productId(orm, sku),
    deny: (model, operation) => void denied.add(`${model}:${operation}`),
    holdNextCommit: () => {
      let release = (): void => undefined
      held = new Promise(resolve => (release = resolve))
      return release
    },
    writeLate: (model, ids, vals) => orm.begin(() => orm.write(model, ids, vals)).commit,
  }
  return fake
}

async function answer(server: Server, fake: FakeOdoo, request: Request): Promise<Response> {
  const found = (await answerApi(server, request)) ?? (await answerWeb(fake, request))
  return (
    found ??
    new Response('<!doctype html><title>404 Not Found</title>', {
      status: 404,
      headers: { 'content-type': 'text/html' },
    })
  )
}

function pickings(orm: Orm, order: number): number[] {
  const open = orm
    .all('stock.picking')
    .filter(row => row['sale_id'] === order && !['done', 'cancel'].includes(String(row['state'])))
  return open.map(row => row.id)
}

function ship(orm: Orm, picking: number, { parts, tracking, carrier }: Shipping): number | null {
  const moves = movesOf(orm, picking)
  const skuOf = (id: unknown) => String(orm.get('product.product', Number(id))?.['default_code'])
  const wanted = parts && new Map(moves.map(move => [move.id, parts[skuOf(move['product_id'])] ?? 0]))
  const backorder = validate(orm, picking, wanted)
  const carrier_id = orm.all('delivery.carrier').find(row => row['name'] === carrier)?.id
  if (tracking !== undefined && orm.field('stock.picking', 'carrier_tracking_ref'))
    orm.write('stock.picking', [picking], {
      carrier_tracking_ref: tracking,
      ...(carrier_id && { carrier_id }),
    })
  return backorder
}

/** Odoo keeps the paper of an invoice that was printed or sent, as an attachment. */
async function print(orm: Orm, invoice: number): Promise<number> {
  const move = orm.need('account.move', invoice)
  const bytes = await invoicePdf(orm, move)
  orm.transaction(() => {
    const attachment = orm.create('ir.attachment', {
      name: `${String(move['name']).replaceAll('/', '_')}.pdf`,
      mimetype: 'application/pdf',
      res_model: 'account.move',
      res_id: invoice,
      datas: bytes.toString('base64'),
      file_size: bytes.length,
    })
    orm.write('account.move', [invoice], { invoice_pdf_report_id: attachment.id })
  })
  return invoice
}

function productId(orm: Orm, sku: string): number {
  const found = orm.all('product.product').find(row => row['default_code'] === sku)
  if (!found) throw new Error(`the look-alike has no product ${sku}`)
  return found.id
}
