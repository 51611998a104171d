import { compare, isPositive } from '@linchpin/model'
import { WpError, idsIn, invalidParam } from './answers.ts'
import { mergedMeta, stampOf, type Attribute, type Books, type ProductDoc } from './books.ts'
import { isOnSale, priceNow } from './money.ts'

export type Fields = Readonly<Record<string, unknown>>

export function productsIn(books: Books, url: URL): ProductDoc[] {
  const sku = url.searchParams.get('sku')
  const status = url.searchParams.get('status') ?? 'any'
  if (sku !== null && sku !== '') {
    // The database compares without regard to case; variations are found as well.
    const wanted = sku.split(',').map(each => each.trim().toLowerCase())
    return books.products.filter(each => each.status !== 'trash' && wanted.includes(each.sku.toLowerCase()))
  }
  const search = idsIn(url.searchParams.get('parent'))
  return books.products
    .filter(each => each.parent_id === 0 || search?.includes(each.parent_id) === true)
    .filter(each => (status === 'any' ? each.status !== 'trash' : each.status === status))
}

export function productOrThrow(books: Books, id: number, parent: number | null, status = 404): ProductDoc {
  const product = books.products.get(id)
  if (!product || (parent !== null && product.parent_id !== parent))
    throw new WpError(
      `woocommerce_rest_product_${parent === null ? '' : 'variation_'}invalid_id`,
      'Invalid ID.',
      status,
    )
  return product
}

export function createProduct(books: Books, fields: Fields, parent: number | null): ProductDoc {
  if (parent !== null) productOrThrow(books, parent, null)
  checked(books, fields, null)
  const now = stampOf(books.now())
  const id = books.nextId()
  const blank: ProductDoc = {
    id,
    parent_id: parent ?? 0,
    type: parent === null ? text(fields['type'], 'simple') : 'variation',
    name: '',
    sku: '',
    status: 'publish',
    description: '',
    regular_price: '',
    sale_price: '',
    date_on_sale_from_gmt: null,
    date_on_sale_to_gmt: null,
    manage_stock: false,
    stock_quantity: null,
    tax_class: '',
    virtual: false,
    weight: '',
    global_unique_id: '',
    attributes: [],
    meta_data: [],
    date_created_gmt: now,
    date_modified_gmt: now,
  }
  books.products.put(id, written(books, blank, fields))
  if (parent !== null) touchProduct(books, parent)
  books.tell('product', 'created', id)
  return productOrThrow(books, id, null)
}

export function updateProduct(books: Books, id: number, fields: Fields, parent: number | null): ProductDoc {
  const before = productOrThrow(books, id, parent, 400)
  checked(books, fields, id)
  books.products.put(id, { ...written(books, before, fields), date_modified_gmt: stampOf(books.now()) })
  books.tell('product', 'updated', id)
  // A change of a variation is one of its parent.
  if (before.parent_id > 0) touchProduct(books, before.parent_id)
  return productOrThrow(books, id, parent)
}

function touchProduct(books: Books, id: number): void {
  const product = books.products.get(id)
  if (!product) return
  books.products.put(id, { ...product, date_modified_gmt: stampOf(books.now()) })
  books.tell('product', 'updated', id)
}

/** Orders take from stock whatever is there: by REST nobody asks, and the number goes below zero. */
export function moveStock(books: Books, id: number, by: number): void {
  const product = books.products.get(id)
  if (!product?.manage_stock) return
  books.products.put(id, { ...product, stock_quantity: (product.stock_quantity ?? 0) + by })
  touchProduct(books, id)
  if (product.parent_id > 0) touchProduct(books, product.parent_id)
}

export function removeProduct(books: Books, id: number, force: boolean): void {
  const product = productOrThrow(books, id, null)
  if (force || product.parent_id > 0) books.products.remove(id)
  else books.products.put(id, { ...product, status: 'trash', date_modified_gmt: stampOf(books.now()) })
  if (force && product.parent_id === 0)
    for (const child of childrenOf(books, id)) books.products.remove(child.id)
  if (product.parent_id > 0) touchProduct(books, product.parent_id)
  books.tell('product', 'deleted', id)
}

export function childrenOf(books: Books, id: number): ProductDoc[] {
  return books.products.filter(each => each.parent_id === id)
}

export function presentProduct(books: Books, product: ProductDoc): object {
  const now = books.now()
  const children = product.type === 'variable' ? childrenOf(books, product.id) : []
  return {
    ...product,
    name: product.type === 'variation' ? nameOfVariation(product) : product.name,
    slug: product.name.toLowerCase().replace(/[^a-z0-9]+/g, '-'),
    price: priceNow(product, now),
    on_sale: isOnSale(product, now),
    purchasable: product.regular_price !== '',
    total_sales: 0,
    stock_status: isInStock(product) ? 'instock' : 'outofstock',
    backorders: 'no',
    tax_status: 'taxable',
    categories: [],
    date_created: product.date_created_gmt,
    date_modified: product.date_modified_gmt,
    date_on_sale_from: product.date_on_sale_from_gmt,
    date_on_sale_to: product.date_on_sale_to_gmt,
    // WooCommerce picks related products by chance, so no two answers are alike.
    related_ids: [],
    ...(product.type !== 'variation' && { variations: children.map(({ id }) => id) }),
    _links: { self: [{ href: `/wp-json/wc/v3/products/${product.id}` }] },
  }
}

export function isInStock(product: ProductDoc): boolean {
  return !product.manage_stock || (product.stock_quantity ?? 0) > 0
}

export function nameOfVariation(product: ProductDoc): string {
  return product.attributes.map(({ option }) => option ?? '').join(', ')
}

/** SKUs are unique among products and variations, whatever their case; what is in the trash keeps its own. */
function checked(books: Books, fields: Fields, id: number | null): void {
  const { sku, status, regular_price: price, stock_quantity: stock } = fields
  if (status !== undefined && !['draft', 'pending', 'private', 'publish'].includes(text(status)))
    throw invalidParam('status', 'status is not one of draft, pending, private, and publish.')
  if (price !== undefined && typeof price !== 'string')
    throw invalidParam('regular_price', 'regular_price is not of type string.')
  if (stock !== undefined && stock !== null && !Number.isInteger(stock))
    throw invalidParam('stock_quantity', 'stock_quantity is not of type integer,null.')
  if (typeof sku !== 'string' || sku === '') return
  const same = books.products.find(each => each.id !== id && each.sku.toLowerCase() === sku.toLowerCase())
  if (!same) return
  throw new WpError('product_invalid_sku', 'Invalid or duplicated SKU.', 400, {
    resource_id: same.id,
    unique_sku: `${sku}-1`,
  })
}

function written(books: Books, before: ProductDoc, fields: Fields): ProductDoc {
  const texts = ['name', 'sku', 'status', 'description', 'regular_price', 'sale_price', 'tax_class', 'weight']
  const given: Record<string, unknown> = {}
  for (const name of [...texts, 'global_unique_id'])
    if (fields[name] !== undefined) given[name] = text(fields[name])
  for (const name of ['date_on_sale_from_gmt', 'date_on_sale_to_gmt'])
    if (fields[name] !== undefined && fields[name] !== null) given[name] = gmtOf(text(fields[name]))
  for (const name of ['virtual', 'manage_stock'])
    if (fields[name] !== undefined) given[name] = fields[name] === true
  if (fields['stock_quantity'] !== undefined) given['stock_quantity'] = fields['stock_quantity']
  if (Array.isArray(fields['attributes'])) given['attributes'] = attributesOf(fields['attributes'])
  const after = { ...before, ...given, meta_data: mergedMeta(books, before.meta_data, fields['meta_data']) }
  return withoutBadSale(after.type === 'variation' ? { ...after, name: before.name } : after)
}

/** A sale that is no reduction is dropped, and nobody is told. */
function withoutBadSale(product: ProductDoc): ProductDoc {
  const { sale_price: sale, regular_price: regular } = product
  const isGood = isDecimal(sale) && isDecimal(regular) && isPositive(regular) && compare(sale, regular) < 0
  return isGood ? product : { ...product, sale_price: '' }
}

function attributesOf(written: readonly unknown[]): Attribute[] {
  return (written as Partial<Attribute>[]).map(each => ({ id: 0, name: '', ...each }))
}

function gmtOf(stamp: string): string | null {
  const at = Date.parse(stamp.endsWith('Z') ? stamp : `${stamp}Z`)
  return Number.isNaN(at) ? null : stampOf(at)
}

function isDecimal(value: string): boolean {
  return /^\d+(\.\d+)?$/.test(value)
}

export function text(value: unknown, fallback = ''): string {
  return typeof value === 'string' ? value : typeof value === 'number' ? String(value) : fallback
}
