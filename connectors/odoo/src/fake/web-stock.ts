import { escape } from '@linchpin/lookalike'
import type { Orm, Stored } from './orm.ts'
import { table, type Column } from './web-table.ts'

/** Every product with its stock and price, each with a field to change it. */
export function stockBody(orm: Orm): string {
  const products = orm.search('product.product', [['default_code', '!=', false]], { order: 'default_code' })
  return `<h1>Stock and prices</h1>${table(
    columns,
    products.map(product => productRow(orm, product)),
  )}`
}

const columns: readonly Column[] = [
  ['SKU'],
  ['Product'],
  ['On hand', 'n'],
  ['Free', 'n'],
  ['Set stock', 'n'],
  ['Set price (net)', 'n'],
]

function productRow(orm: Orm, product: Stored): string[] {
  const sku = String(product['default_code'])
  const service = orm.value('product.product', product, 'type') === 'service'
  const figure = (name: string) => (service ? '' : String(orm.number('product.product', product, name)))
  const price = orm.number('product.product', product, 'lst_price').toFixed(2)
  return [
    escape(sku),
    escape([orm.value('product.product', product, 'name'), ...options(orm, product)].join(', ')),
    figure('qty_available'),
    figure('free_qty'),
    service ? '' : field('stock', sku, 'quantity', figure('qty_available')),
    field('price', sku, 'price', price),
  ]
}

function options(orm: Orm, product: Stored): string[] {
  const values = orm.ids('product.product', product, 'product_template_attribute_value_ids')
  return values.map(id => String(orm.get('product.template.attribute.value', id)?.['name']))
}

function field(action: string, sku: string, name: string, value: string): string {
  const hidden = (key: string, text: string) => `<input type="hidden" name="${key}" value="${escape(text)}">`
  const input = `<input type="number" step="any" min="0" name="${name}" value="${escape(value)}" aria-label="${name} of ${escape(sku)}">`
  return `<form class="set" method="post" action="/web/do">${hidden('do', action)}${hidden('sku', sku)}${hidden('back', '/web/stock')}${input}<button class="quiet">Set</button></form>`
}
