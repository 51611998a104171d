import type { Orm, Vals } from './orm.ts'
import { adjustStock } from './stock.ts'

/** What an Odoo has from its installation: company, currencies, countries, taxes, one warehouse. Nothing twice. */
export function seedBasics(orm: Orm): void {
  if (orm.all('res.company').length > 0) return
  const make = (model: string, vals: Vals) => orm.create(model, vals).id
  const eur = make('res.currency', { name: 'EUR' })
  make('res.currency', { name: 'USD' })
  const countries = new Map(COUNTRIES.map(([code, name]) => [code, make('res.country', { code, name })]))
  make('res.country.state', { name: 'Bayern', code: 'BY', country_id: countries.get('DE') })
  make('res.country.state', { name: 'Berlin', code: 'BE', country_id: countries.get('DE') })
  make('res.country.state', { name: 'California', code: 'CA', country_id: countries.get('US') })
  const company = make('res.company', {
    name: 'Harbour Supplies (demo)',
    currency_id: eur,
    country_id: countries.get('DE'),
  })
  make('res.users', { name: 'Linchpin', login: 'linchpin@example.com', company_id: company })
  for (const name of [
    'Product Price',
    'Discount',
    orm.major >= 19 ? 'Product Unit' : 'Product Unit of Measure',
  ])
    make('decimal.precision', { name, digits: 2 })
  make('uom.uom', { name: 'Units' })
  make('product.category', { name: 'All', complete_name: 'All' })
  for (const included of [false, true])
    for (const rate of [19, 7]) {
      const name = included ? `${rate}% USt (enthalten)` : `${rate}% USt`
      make('account.tax', {
        name,
        amount: rate,
        price_include: included,
        company_id: company,
        sequence: included ? 2 : 1,
      })
    }
  make('account.journal', { name: 'Bank', type: 'bank' })
  const stock = make('stock.location', { name: 'WH/Stock', usage: 'internal' })
  make('stock.location', { name: 'Partners/Customers', usage: 'customer' })
  const warehouse = make('stock.warehouse', {
    name: 'Main Warehouse',
    code: 'WH',
    lot_stock_id: stock,
    company_id: company,
  })
  make('stock.picking.type', { name: 'Delivery Orders', code: 'outgoing', warehouse_id: warehouse })
  make('stock.picking.type', { name: 'Receipts', code: 'incoming', warehouse_id: warehouse })
  for (const name of ['DHL', 'UPS', 'DPD']) make('delivery.carrier', { name })
  for (const name of ['sale_management', 'stock', 'account', 'stock_delivery', 'sale_stock'])
    make('ir.module.module', { name, state: 'installed' })
}

/** A small ship chandler's catalogue, two customers, and a price list with a sale and a quantity break. */
export function seedDemo(orm: Orm): void {
  if (orm.all('product.product').some(row => row['default_code'] === 'MUG-ENAMEL')) return
  const make = (model: string, vals: Vals) => orm.create(model, vals).id
  const taxId = (rate: number) =>
    orm.all('account.tax').find(row => row['amount'] === rate && row['price_include'] === false)?.id ?? 0
  const products = new Map<string, number>()
  for (const [sku, name, price, rate, quantity, weight] of PRODUCTS) {
    const id = make('product.product', {
      name,
      default_code: sku,
      lst_price: price,
      weight,
      taxes_id: [[6, 0, [taxId(rate)]]],
      ...storable(orm),
      invoice_policy: 'delivery',
      barcode: gtin(products.size),
    })
    products.set(sku, id)
    adjustStock(orm, id, quantity)
  }
  seedVariants(orm, taxId(19), products)
  const service = {
    name: 'Rigging inspection',
    default_code: 'SRV-RIGGING',
    lst_price: 120,
    type: 'service',
    taxes_id: [[6, 0, [taxId(19)]]],
  }
  make('product.product', service)
  seedPrices(orm, products)
  seedCustomers(orm)
}

/** A GTIN-13 with its check digit, in the range that GS1 keeps for use inside a company. */
function gtin(turn: number): string {
  const digits = `29${String(turn + 1).padStart(10, '0')}`
  const sum = Array.from(digits).reduce(
    (total, digit, at) => total + Number(digit) * (at % 2 === 0 ? 1 : 3),
    0,
  )
  return `${digits}${(10 - (sum % 10)) % 10}`
}

function storable(orm: Orm): Vals {
  return orm.major >= 18 ? { type: 'consu', is_storable: true } : { type: 'product' }
}

function seedVariants(orm: Orm, tax: number, products: Map<string, number>): void {
  const attribute = orm.create('product.attribute', { name: 'Size' }).id
  const template = orm.create('product.template', {
    name: 'Oilskin jacket',
    list_price: 89,
    taxes_id: [[6, 0, [tax]]],
    invoice_policy: 'delivery',
    ...storable(orm),
  }).id
  for (const [size, extra, quantity] of [
    ['S', 0, 6],
    ['M', 0, 11],
    ['L', 4, 8],
  ] as const) {
    const value = orm.create('product.template.attribute.value', {
      name: size,
      attribute_id: attribute,
      product_tmpl_id: template,
      price_extra: extra,
    }).id
    const id = orm.create('product.product', {
      product_tmpl_id: template,
      default_code: `OILSKIN-${size}`,
      weight: 1.1,
      product_template_attribute_value_ids: [[6, 0, [value]]],
    }).id
    products.set(`OILSKIN-${size}`, id)
    adjustStock(orm, id, quantity)
  }
}

function seedPrices(orm: Orm, products: ReadonlyMap<string, number>): void {
  const pricelist_id = orm.create('product.pricelist', { name: 'Web shop', sequence: 1 }).id
  const item = (sku: string, vals: Vals) =>
    orm.create('product.pricelist.item', {
      pricelist_id,
      applied_on: '0_product_variant',
      product_id: products.get(sku),
      ...vals,
    })
  const day = 86_400_000
  const at = (ms: number) => new Date(orm.now() + ms).toISOString().slice(0, 19).replace('T', ' ')
  item('LAMP-STORM', { fixed_price: 29.9, date_start: at(-day), date_end: at(14 * day) })
  item('ROPE-10M', { fixed_price: 15.5, min_quantity: 5 })
}

function seedCustomers(orm: Orm): void {
  const germany = orm.all('res.country').find(row => row['code'] === 'DE')?.id
  orm.create('res.partner', {
    name: 'Jane Roe',
    email: 'jane.roe@example.org',
    street: 'Hauptstr. 1',
    zip: '10115',
    city: 'Berlin',
    country_id: germany,
    ref: 'C-1001',
  })
  orm.create('res.partner', {
    name: 'Kontor Nord GmbH',
    is_company: true,
    vat: 'DE136695976',
    email: 'einkauf@kontor-nord.example',
    street: 'Am Kai 7',
    zip: '20457',
    city: 'Hamburg',
    country_id: germany,
    ref: 'C-1002',
  })
}

const COUNTRIES = [
  ['DE', 'Germany'],
  ['AT', 'Austria'],
  ['CH', 'Switzerland'],
  ['FR', 'France'],
  ['NL', 'Netherlands'],
  ['BE', 'Belgium'],
  ['IT', 'Italy'],
  ['ES', 'Spain'],
  ['PL', 'Poland'],
  ['DK', 'Denmark'],
  ['SE', 'Sweden'],
  ['GB', 'United Kingdom'],
  ['US', 'United States'],
] as const

/** SKU, name, net price, tax rate, stock, kilograms. */
const PRODUCTS = [
  ['MUG-ENAMEL', 'Enamel mug', 12.5, 19, 120, 0.3],
  ['LAMP-STORM', 'Storm lamp', 34.9, 19, 40, 0.9],
  ['ROPE-10M', 'Hemp rope, 10 m', 17.9, 19, 75, 1.4],
  ['KNIFE-SAILOR', "Sailor's knife", 42, 19, 25, 0.2],
  ['BAG-DUFFEL', 'Canvas duffel bag', 59, 19, 18, 1.2],
  ['COMPASS-BRASS', 'Brass compass', 75.5, 19, 12, 0.35],
  ['BOOK-KNOTS', 'The book of knots', 24.3, 7, 60, 0.7],
  ['TEA-HARBOUR', 'Harbour blend tea, 250 g', 9.81, 7, 200, 0.25],
] as const
