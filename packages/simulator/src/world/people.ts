import { buildDocument } from '@linchpin/model'
import type { Chance } from '../chance.ts'
import { START, type Kernel } from '../kernel.ts'
import type { Plan } from '../plan.ts'
import { meddle } from './meddling.ts'
import { furnishPrices, setPrices } from './prices.ts'
import type { Fields, Remote } from './remote.ts'

/** What people do in the simulated systems while Linchpin works: customers in the shops, clerks in the ERP. */
export interface Stage {
  readonly kernel: Kernel
  readonly plan: Plan
  readonly shops: readonly Remote[]
  readonly erp: Remote
}

const PRODUCTS = 5
const MINUTE = 60_000

/** Articles are in the ERP first; some are in the shops already and are recognised by their SKU. */
export function furnish(stage: Stage): void {
  const { kernel, shops, erp } = stage
  const chance = kernel.chance('furnishing')
  for (let number = 1; number <= PRODUCTS; number += 1) {
    const article = { sku: `SKU-${number}`, name: `Article ${number}` }
    const id = erp.furnish('products', null, article)
    erp.furnish('stock', id, { product: id, available: String(chance.between(20, 60)) })
    for (const shop of shops) if (number <= 3) shop.furnish('products', null, { ...article, stock: '0' })
  }
  if (stage.plan.people.poisonParts > 0) {
    const id = erp.furnish('products', null, { sku: REFUSED_SKU, name: 'Refused', poison: true })
    erp.furnish('stock', id, { product: id, available: '5' })
  }
  furnishPrices(stage)
}

/** What the shops take from nobody. */
export const REFUSED_SKU = 'REFUSED'

export function live(stage: Stage): void {
  meddle(stage, START + stage.plan.faultMinutes * MINUTE)
  setPrices(stage, START + stage.plan.faultMinutes * MINUTE)
  trade(stage)
}

function trade(stage: Stage): void {
  const { kernel, plan, shops } = stage
  const chance = kernel.chance('people')
  const end = START + plan.faultMinutes * MINUTE
  for (let number = 1; number <= plan.orders; number += 1) {
    const shop = chance.pick(shops)
    const at =
      plan.people.burst && chance.happens(0.6)
        ? START + 2 * MINUTE
        : chance.between(START + 5_000, end - MINUTE)
    kernel.at(at, 'a customer orders', () => order(stage, shop, chance, number, end))
  }
  for (let turn = 0; turn < 4; turn += 1)
    kernel.at(chance.between(START + MINUTE, end), 'a clerk counts stock', () => count(stage, chance))
}

function order(stage: Stage, shop: Remote, chance: Chance, number: number, end: number): void {
  const { kernel, plan } = stage
  const products = shop.rows('products')
  if (products.length === 0) return
  const poison = chance.happens(plan.people.poison) ? chance.pick(POISONS) : null
  // Two shops count their orders alike: what is mixed up between them shows.
  const fields = {
    ...orderFields(stage, shop, chance, number),
    ...poisoned(poison),
    ...buyerOf(stage, shop),
  }
  const id = shop.edit('orders', null, () => fields)
  const later = () => chance.between(kernel.now() + 100, Math.max(end, kernel.now() + 1_000))
  const edits = chance.between(0, plan.people.edits)
  for (let edit = 0; edit < edits; edit += 1)
    kernel.at(later(), 'a customer edits', () =>
      shop.edit('orders', id, before => edited(before, shop, chance)),
    )
  if (chance.happens(plan.people.cancels))
    kernel.at(later(), 'a customer cancels', () =>
      shop.edit('orders', id, before =>
        before['status'] === 'open' ? { ...before, status: 'cancelled' } : before,
      ),
    )
}

const POISONS = ['money', 'article', 'unreadable', 'refused'] as const

function poisoned(poison: (typeof POISONS)[number] | null): Fields {
  switch (poison) {
    case null:
      return {}
    case 'money':
      return { poison, totals: { net: '1.00', tax: '0.00', payable: '999.99' } }
    case 'article': {
      const line = {
        kind: 'item',
        product: 'none',
        sku: 'NO-SUCH',
        name: 'Nothing',
        quantity: '1',
        unitPrice: '1.00',
      }
      return { poison, ...priced([{ ...line, id: '1' }]) }
    }
    case 'unreadable':
      return { poison, status: 'gremlin' }
    case 'refused':
      return { poison, number: 'FORBIDDEN' }
  }
}

/** Companies order, too; and somebody whom the ERP refuses: that customer's orders wait, with words, and no others. */
function buyerOf({ kernel, plan }: Stage, shop: Remote): Fields {
  const chance = kernel.chance(`buyer at ${shop.name} ${kernel.now()}`)
  const refused = chance.happens(plan.people.poisonParts)
  if (!refused && !(plan.people.prices && chance.happens(0.3))) return {}
  const name = refused ? 'Refused' : 'Ada Ltd'
  const email = refused
    ? `${REFUSED_MAIL}@${shop.name}.test`
    : `company${chance.between(1, 3)}@${shop.name}.test`
  const id = shop.edit('customers', email, registered(plan, { name, email, kind: 'company' }))
  return { buyer: { id, kind: 'company', name, email }, ...(refused ? { poison: 'customer' } : {}) }
}

/** Whom the ERP does not take. */
export const REFUSED_MAIL = 'refused'

function orderFields({ plan, kernel }: Stage, shop: Remote, chance: Chance, number: number): Fields {
  const guest = chance.happens(0.5)
  // Guests and customers share no address here: a person who is both can come to stand in the ERP twice (see README).
  const email = `${guest ? 'guest' : 'customer'}${chance.between(1, 4)}@${shop.name}.test`
  const id = guest
    ? `guest:${email}`
    : shop.edit('customers', email, registered(plan, { name: 'Ada', email }))
  return {
    number: `W-${number}`,
    issuedAt: new Date(kernel.now()).toISOString(),
    status: 'open',
    buyer: { id, kind: 'person', name: 'Ada', email, ...(guest ? { guest: true } : {}) },
    ...lines(shop, chance),
  }
}

/** Who orders again is known already, and keeps the name that somebody gave them meanwhile. */
const registered =
  ({ people }: Plan, fields: Fields) =>
  (before: Fields): Fields =>
    people.renames ? { ...fields, ...before } : fields

/** Somebody buys so many pieces of one article. */
export function buy({ kernel }: Stage, shop: Remote, sku: string, pieces: number): void {
  const article = shop.rows('products').find(row => row.fields['sku'] === sku)
  if (!article) return
  const email = `guest9@${shop.name}.test`
  const line = { id: '1', kind: 'item', product: article.id, sku, name: 'Article' }
  shop.edit('orders', null, () => ({
    number: 'W-LAST',
    issuedAt: new Date(kernel.now()).toISOString(),
    status: 'open',
    buyer: { id: `guest:${email}`, kind: 'person', name: 'Ada', email, guest: true },
    ...priced([{ ...line, quantity: String(pieces), unitPrice: '9.99' }]),
  }))
}

function edited(before: Fields, shop: Remote, chance: Chance): Fields {
  return before['status'] === 'open' && before['poison'] === undefined
    ? { ...before, ...lines(shop, chance) }
    : before
}

function lines(shop: Remote, chance: Chance): Fields {
  const products = shop.rows('products')
  const count = chance.between(1, 2)
  return priced(
    Array.from({ length: count }, (_each, index) => {
      const product = chance.pick(products)
      return {
        id: String(index + 1),
        kind: 'item',
        product: product.id,
        sku: String(product.fields['sku']),
        name: 'Article',
        quantity: String(chance.between(1, 3)),
        unitPrice: `${chance.between(1, 90)}.${chance.between(10, 99)}`,
      }
    }),
  )
}

type Line = Omit<Parameters<typeof buildDocument>[0]['lines'][number], 'rates' | 'kind'> & {
  readonly kind: string
}

function priced(drafts: readonly Line[]): Fields {
  const rates = [{ rate: '19' }]
  const document = buildDocument({
    currency: 'EUR',
    taxInclusive: true,
    lines: drafts.map(line => ({ ...line, kind: 'item', rates })),
  })
  return { ...document }
}

function count({ erp }: Stage, chance: Chance): void {
  const row = chance.pick(erp.rows('stock'))
  erp.edit('stock', row.id, before => ({ ...before, available: String(chance.between(5, 60)) }))
}

/** When an order reaches the ERP: stock is taken, later it is shipped and billed. */
export function book({ kernel, plan, erp }: Stage, id: string): void {
  const chance = kernel.chance(`booking of ${id}`)
  const row = erp.row('orders', id)
  if (!row) return
  for (const { product, quantity } of (row.fields['lines'] ?? []) as readonly {
    product: string
    quantity: string
  }[]) {
    const stock = erp.rows('stock').find(each => each.fields['product'] === product)
    if (!stock) continue
    erp.edit('stock', stock.id, before => ({
      ...before,
      available: String(Number(before['available']) - Number(quantity)),
    }))
  }
  const shipAt = kernel.now() + chance.between(MINUTE, 3 * MINUTE)
  if (!chance.happens(plan.people.shipping)) return
  kernel.at(shipAt, `a clerk ships ${id}`, () => ship(erp, id))
  if (plan.people.returns && chance.happens(0.5))
    kernel.at(shipAt + 30_000, `a clerk credits ${id}`, () => credit(erp, id))
}

/** All of it came back. */
function credit(erp: Remote, id: string): void {
  const invoice = erp.rows('invoices').find(row => (row.fields['orders'] as readonly string[])[0] === id)
  if (!invoice) return
  erp.edit('credits', null, () => ({ ...invoice.fields, number: `C${id}`, invoice: invoice.id }))
}

function ship(erp: Remote, id: string): void {
  const row = erp.row('orders', id)
  if (!row || row.fields['cancelled'] === true) return
  // The order that had this number before the ERP was restored is not this one.
  if (erp.rows('shipments').some(each => each.fields['order'] === id)) return
  const { lines, total, currency } = row.fields as {
    lines: readonly Fields[]
    total: string
    currency: string
  }
  const tracking = [{ number: `T${id}` }]
  erp.edit('shipments', null, () => ({ number: `D${id}`, order: id, status: 'shipped', tracking, lines: [] }))
  erp.edit('invoices', null, () => ({
    number: `I${id}`,
    orders: [id],
    status: 'posted',
    currency,
    taxInclusive: true,
    charges: [],
    lines: lines.map(line => ({
      id: line['id'],
      kind: 'item',
      name: 'Article',
      quantity: line['quantity'],
      unitPrice: line['unitPrice'],
      net: line['gross'],
      tax: '0',
      gross: line['gross'],
    })),
    totals: { net: total, tax: '0', payable: total },
  }))
  erp.edit('orders', id, before => ({ ...before, status: 'closed' }))
}
