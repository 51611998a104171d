import { divide, multiply, round, subtract, sum } from '@linchpin/model'
import { WpError } from './answers.ts'
import {
  mergedMeta,
  type Books,
  type CouponLine,
  type FeeLine,
  type OrderDoc,
  type OrderLine,
  type ProductDoc,
  type ShippingLine,
} from './books.ts'
import { postalOf } from './customers.ts'
import { amountOf, lineTaxes, priceNow, rateFor, taxed, taxLines } from './money.ts'
import { nameOfVariation, text, type Fields } from './products.ts'

/** The order with what was written to it, and all figures that follow. */
export function written(books: Books, before: OrderDoc, fields: Fields): OrderDoc {
  const order: OrderDoc = {
    ...before,
    customer_note: text(fields['customer_note'], before.customer_note),
    customer_id: Number(fields['customer_id'] ?? before.customer_id),
    billing: postalOf(before.billing, fields['billing'], true),
    shipping: postalOf(before.shipping, fields['shipping'], false),
    meta_data: mergedMeta(books, before.meta_data, fields['meta_data']),
  }
  const touchesMoney = ['line_items', 'fee_lines', 'shipping_lines', 'coupon_lines'].some(name =>
    Array.isArray(fields[name]),
  )
  if (!touchesMoney) return order
  const country = order.shipping['country'] || order.billing['country'] || ''
  const lines = linesOf(books, order, listOf(fields['line_items']), country)
  const shipping_lines = [
    ...order.shipping_lines,
    ...listOf(fields['shipping_lines']).map(line => shippingLine(books, lines, line, country)),
  ]
  const fee_lines = [
    ...order.fee_lines,
    ...listOf(fields['fee_lines']).map(line => feeLine(books, line, country)),
  ]
  const codes = listOf(fields['coupon_lines']).map(line => text(line['code']).toLowerCase())
  const { line_items, coupon_lines } = withCoupons(books, { ...order, line_items: lines }, codes, country)
  return totalled(books, { ...order, line_items, coupon_lines, shipping_lines, fee_lines })
}

export function listOf(value: unknown): Fields[] {
  return Array.isArray(value) ? (value as Fields[]) : []
}

/** A line with an id is changed, or with quantity 0 removed; one without is added, also by an update. */
function linesOf(books: Books, order: OrderDoc, wanted: readonly Fields[], country: string): OrderLine[] {
  let lines = [...order.line_items]
  for (const line of wanted) {
    const id = Number(line['id'] ?? 0)
    const known = lines.find(each => each.id === id)
    if (id > 0 && !known)
      throw new WpError(
        'woocommerce_rest_invalid_item_id',
        'Order item ID provided is not associated with order.',
        400,
      )
    if (known && line['quantity'] === 0) lines = lines.filter(each => each !== known)
    else if (known)
      lines = lines.map(each => (each === known ? changedLine(books, order, known, line, country) : each))
    else lines.push(newLine(books, order, line, country))
  }
  return lines
}

function newLine(books: Books, order: OrderDoc, line: Fields, country: string): OrderLine {
  const product = books.products.get(Number(line['variation_id'] ?? 0) || Number(line['product_id'] ?? 0))
  if (!product)
    throw new WpError('woocommerce_rest_invalid_product_id', 'Product ID provided does not exist.', 400)
  const quantity = Number(line['quantity'] ?? 1)
  const rate = rateFor(books, product.tax_class, country)
  const basis = multiply(priceNow(product, books.now()) || '0', String(quantity))
  const { net, tax } =
    line['total'] === undefined
      ? taxed(basis, rate, order.prices_include_tax)
      : taxed(amountOf(line['total']), rate, false)
  const parent = product.parent_id > 0 ? books.products.get(product.parent_id) : undefined
  return {
    id: books.nextId('items'),
    name: text(line['name'], nameOf(product, parent)),
    product_id: parent?.id ?? product.id,
    variation_id: parent ? product.id : 0,
    quantity,
    tax_class: product.tax_class,
    subtotal: net,
    subtotal_tax: tax,
    total: net,
    total_tax: tax,
    taxes: lineTaxes(rate, tax, tax),
    meta_data: mergedMeta(books, [], line['meta_data']),
    sku: product.sku,
  }
}

function nameOf(product: ProductDoc, parent: ProductDoc | undefined): string {
  return parent ? `${parent.name} - ${nameOfVariation(product)}` : product.name
}

function changedLine(
  books: Books,
  order: OrderDoc,
  line: OrderLine,
  fields: Fields,
  country: string,
): OrderLine {
  const quantity = Number(fields['quantity'] ?? line.quantity)
  const share = divide(String(quantity), String(line.quantity || 1))
  const net =
    fields['total'] === undefined ? round(multiply(line.total, share), 2) : amountOf(fields['total'])
  const rate = rateFor(books, line.tax_class, country)
  const { tax } = taxed(net, rate, false)
  const subtotal = round(multiply(line.subtotal, share), 2)
  const before = taxed(subtotal, rate, false)
  return {
    ...line,
    quantity,
    subtotal,
    subtotal_tax: before.tax,
    total: net,
    total_tax: tax,
    taxes: lineTaxes(rate, tax, before.tax),
    meta_data: mergedMeta(books, line.meta_data, fields['meta_data']),
    name: text(fields['name'], line.name),
  }
}

function shippingLine(
  books: Books,
  lines: readonly OrderLine[],
  fields: Fields,
  country: string,
): ShippingLine {
  // The class that shipping is taxed at follows the goods; the first of them decides here.
  const rate = rateFor(books, lines[0]?.tax_class ?? '', country)
  const { net, tax } = taxed(amountOf(fields['total']), rate, false)
  return {
    id: books.nextId('items'),
    method_title: text(fields['method_title'], 'Shipping'),
    method_id: text(fields['method_id'], 'flat_rate'),
    total: net,
    total_tax: tax,
    taxes: lineTaxes(rate, tax, ''),
    meta_data: mergedMeta(books, [], fields['meta_data']),
  }
}

function feeLine(books: Books, fields: Fields, country: string): FeeLine {
  const isTaxed = text(fields['tax_status'], 'taxable') === 'taxable'
  const rate = isTaxed ? rateFor(books, text(fields['tax_class']), country) : null
  const { net, tax } = taxed(amountOf(fields['total']), rate, false)
  return {
    id: books.nextId('items'),
    name: text(fields['name'], 'Fee'),
    tax_class: text(fields['tax_class']),
    tax_status: isTaxed ? 'taxable' : 'none',
    total: net,
    total_tax: tax,
    taxes: lineTaxes(rate, tax, ''),
    meta_data: mergedMeta(books, [], fields['meta_data']),
  }
}

/** A percentage off every line; the line keeps what it was before as its subtotal. */
function withCoupons(books: Books, order: OrderDoc, codes: readonly string[], country: string) {
  let { line_items: lines, coupon_lines: coupons } = order
  for (const code of codes) {
    const coupon = books.coupons.get(code)
    if (!coupon) throw new WpError('woocommerce_rest_invalid_coupon', `Coupon "${code}" does not exist!`, 400)
    const after = lines.map(line => reduced(books, order, line, coupon.percent, country))
    coupons = [...coupons, couponLine(books, code, lines, after)]
    lines = after
  }
  return { line_items: lines, coupon_lines: coupons }
}

function reduced(
  books: Books,
  order: OrderDoc,
  line: OrderLine,
  percent: string,
  country: string,
): OrderLine {
  const basis = order.prices_include_tax ? sum([line.total, line.total_tax]) : line.total
  const discount = round(divide(multiply(basis, percent), '100'), 2)
  const rate = rateFor(books, line.tax_class, country)
  const { net, tax } = taxed(subtract(basis, discount), rate, order.prices_include_tax)
  return { ...line, total: net, total_tax: tax, taxes: lineTaxes(rate, tax, line.subtotal_tax) }
}

function couponLine(
  books: Books,
  code: string,
  before: readonly OrderLine[],
  after: readonly OrderLine[],
): CouponLine {
  const less = (pick: (line: OrderLine) => string) =>
    round(subtract(sum(before.map(pick)), sum(after.map(pick))), 2)
  return {
    id: books.nextId('items'),
    code,
    discount: less(line => line.total),
    discount_tax: less(line => line.total_tax),
  }
}

function totalled(books: Books, order: OrderDoc): OrderDoc {
  const { line_items: lines, fee_lines: fees, shipping_lines: shipping, coupon_lines: coupons } = order
  const all = [...lines, ...fees, ...shipping]
  const total = (amounts: readonly string[]) => round(sum(amounts), 2)
  const tax = total(all.map(part => part.total_tax))
  return {
    ...order,
    tax_lines: taxLines(books, [...lines, ...fees], shipping),
    discount_total: total(coupons.map(({ discount }) => discount)),
    discount_tax: total(coupons.map(coupon => coupon.discount_tax)),
    shipping_total: total(shipping.map(line => line.total)),
    shipping_tax: total(shipping.map(line => line.total_tax)),
    total_tax: tax,
    total: total([...all.map(part => part.total), tax]),
  }
}
