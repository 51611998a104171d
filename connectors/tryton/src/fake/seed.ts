import type { Books } from './books.ts'

/** A company with its taxes, units, places and service products: what every Tryton has before the first sale. */
export function seedBasics(books: Books): void {
  if (books.all('company.company').length > 0) return
  books.create('currency.currency', { name: 'Euro', code: 'EUR' })
  books.create('currency.currency', { name: 'U.S. Dollar', code: 'USD' })
  for (const [code, name] of COUNTRIES) books.create('country.country', { code, name })
  const party = books.create('party.party', {
    name: 'Look-alike Wares',
    code: 'HOUSE',
    contact_mechanisms: [['create', [{ type: 'email', value: 'house@example.org' }]]],
  })
  books.create('company.company', { party, currency: 1 })
  books.create('product.uom', { name: 'Unit', symbol: 'u', digits: 0 })
  books.create('product.uom', { name: 'Kilogram', symbol: 'kg', digits: 3 })
  const full = books.create('account.tax', { name: 'VAT 19 %', rate: '0.19', company: 1 })
  const reduced = books.create('account.tax', { name: 'VAT 7 %', rate: '0.07', company: 1 })
  for (const [name, taxes] of [
    ['Goods 19 %', [full]],
    ['Goods 7 %', [reduced]],
    ['Untaxed', []],
  ] as const)
    books.create('product.category', { name, accounting: true, customer_taxes: [['add', taxes]] })
  books.create('account.invoice.payment_term', { name: 'Direct' })
  books.create('ir.action.report', { name: 'Invoice', report_name: 'account.invoice' })
  for (const name of MODULES) books.create('ir.module', { name, state: 'activated' })
  seedPlaces(books)
  for (const [code, name, category] of SERVICES)
    makeProduct(books, { sku: code, name, price: '0', category, type: 'service' })
}

export function makeProduct(
  books: Books,
  of: { sku: string; name: string; price: string; category: number; type?: string; ean?: string },
): number {
  const identifiers = of.ean === undefined ? [] : [['create', [{ type: 'ean', code: of.ean }]]]
  const template = books.create('product.template', {
    name: of.name,
    type: of.type ?? 'goods',
    default_uom: 1,
    sale_uom: 1,
    salable: true,
    list_price: of.price,
    account_category: of.category,
    products: [['create', [{ suffix_code: of.sku, identifiers }]]],
  })
  return books.having('product.product', 'template', template)[0]?.id ?? 0
}

function seedPlaces(books: Books): void {
  const warehouse = books.create('stock.location', { name: 'Warehouse', code: 'WH', type: 'warehouse' })
  for (const [code, name] of [
    ['IN', 'Input Zone'],
    ['OUT', 'Output Zone'],
    ['STO', 'Storage Zone'],
  ])
    books.create('stock.location', { name, code, type: 'storage', parent: warehouse })
  for (const [code, name, type] of [
    ['LOST', 'Lost and Found', 'lost_found'],
    ['SUP', 'Supplier', 'supplier'],
    ['CUS', 'Customer', 'customer'],
  ])
    books.create('stock.location', { name, code, type })
}

const COUNTRIES = [
  ['DE', 'Germany'],
  ['AT', 'Austria'],
  ['FR', 'France'],
  ['NL', 'Netherlands'],
  ['CH', 'Switzerland'],
  ['GB', 'United Kingdom'],
  ['US', 'United States'],
] as const
const SERVICES = [
  ['SHIPPING', 'Shipping', 1],
  ['FEE', 'Fee', 1],
  ['ROUNDING', 'Rounding', 3],
] as const
const MODULES = [
  'sale',
  'stock',
  'account_invoice',
  'account_invoice_stock',
  'product_price_list',
  'sale_price_list',
  'stock_package',
  'stock_package_shipping',
]
