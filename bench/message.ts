/** An order of about 2 KB, as WooCommerce's webhooks carry it. Its amounts add up: one of the contestants looks. */
export function orderOf(id: number, rev: number, at: number) {
  const lines = [0, 1, 2].map(line => lineOf(id, line))
  const net = sum(lines.map(line => line.total)) + 490
  const tax = sum(lines.map(line => line.total_tax)) + 93
  return {
    id,
    rev,
    t0: at,
    number: String(100_000 + id),
    order_key: `wc_order_${((id * 2_654_435_761) % 4_294_967_296).toString(36)}`,
    created_via: 'checkout',
    version: '9.1.2',
    status: 'processing',
    currency: 'EUR',
    date_created_gmt: '2026-01-05T10:11:12',
    date_modified_gmt: '2026-01-05T10:12:13',
    discount_total: '0.00',
    shipping_total: '4.90',
    shipping_tax: '0.93',
    total: money(net + tax),
    total_tax: money(tax),
    total_net: money(net),
    prices_include_tax: false,
    customer_id: id % 5_000,
    customer_note: `please leave it with neighbour ${id}`,
    billing: { ...addressOf(id), company: 'Analytical Engines GmbH', ...reachedAt(id) },
    shipping: addressOf(id),
    payment_method: 'stripe',
    payment_method_title: 'Credit card',
    transaction_id: `pi_${((id * 40_503) % 1e9).toString(36)}`,
    line_items: lines.map(line => ({ ...line, total: money(line.total), total_tax: money(line.total_tax) })),
    tax_lines: [{ id: 1, rate_code: 'DE-VAT-19', rate_id: 1, label: 'VAT', compound: false }],
    shipping_lines: [
      { id: 2, method_title: 'DHL', method_id: 'flat_rate', total: '4.90', total_tax: '0.93' },
    ],
    meta_data: [
      { id: 1, key: '_stripe_customer', value: `cus_${id}` },
      { id: 2, key: 'is_vat_exempt', value: 'no' },
    ],
  }
}
export type Order = ReturnType<typeof orderOf>

const PRODUCTS = 100

function lineOf(id: number, line: number) {
  const quantity = 1 + ((id + line) % 3)
  const product = 100 + ((id * 3 + line) % PRODUCTS)
  return {
    id: id * 10 + line,
    name: `Linen shirt size ${'SML'[line]}`,
    product_id: product,
    variation_id: 200 + line,
    quantity,
    tax_class: '',
    subtotal: money(1_990 * quantity),
    total: 1_990 * quantity,
    total_tax: 378 * quantity,
    sku: `SKU-${product}`,
    price: 19.9,
  }
}

const addressOf = (id: number) => ({
  first_name: `Ada${id}`,
  last_name: 'Lovelace',
  company: '',
  address_1: `Hauptstrasse ${id % 300}`,
  city: 'Freiburg',
  state: 'BW',
  postcode: `79${100 + (id % 800)}`,
  country: 'DE',
})
const reachedAt = (id: number) => ({ email: `Ada${id}@example.com`, phone: `+49 761 ${id}` })
const sum = (cents: readonly number[]) => cents.reduce((total, each) => total + each, 0)
const money = (cents: number) => (cents / 100).toFixed(2)

/**
 * The job's mapping: 25 fields and the lines, to what an ERP would take. Written without a named function inside, since
 * Node-RED and n8n are given its text.
 */
export function mapOrder(order: Order) {
  return {
    external_id: order.id,
    rev: order.rev,
    t0: order.t0,
    name: `WC${order.number}`,
    client_order_ref: order.order_key,
    state: order.status === 'completed' ? 'done' : order.status === 'processing' ? 'sale' : 'draft',
    date_order: order.date_created_gmt.replace('T', ' '),
    write_date: order.date_modified_gmt.replace('T', ' '),
    currency: order.currency,
    amount_total: Number(order.total),
    amount_tax: Number(order.total_tax),
    amount_delivery: Number(order.shipping_total),
    note: order.customer_note.trim(),
    partner: {
      ref: `woo-${order.customer_id}`,
      name: `${order.billing.first_name} ${order.billing.last_name}`,
      company: order.billing.company || null,
      email: order.billing.email.toLowerCase(),
      phone: order.billing.phone.replace(/\s+/g, ''),
      street: order.billing.address_1,
      city: order.billing.city,
      zip: order.billing.postcode,
      country: order.billing.country,
    },
    ship: {
      name: `${order.shipping.first_name} ${order.shipping.last_name}`,
      street: order.shipping.address_1,
      city: order.shipping.city,
      zip: order.shipping.postcode,
      country: order.shipping.country,
    },
    payment: { provider: order.payment_method, tx: order.transaction_id },
    source: 'woocommerce',
    lines: order.line_items.map(line => ({
      ext: line.id,
      sku: line.sku,
      name: line.name,
      qty: line.quantity,
      price: Number(line.total) / line.quantity,
      tax: Number(line.total_tax),
    })),
  }
}
