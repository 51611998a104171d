/**
 * Tells Linchpin at once that an order, return, product or customer changed. Linchpin works without it, by asking every
 * few minutes; what a notification does not reach it (Linchpin down, network broken) it then finds by asking.
 *
 * Add `plugins: [{ resolve: '@linchpin/medusa-subscriber', options: {} }]` to medusa-config, and say in Medusa's
 * environment (Medusa 2.21 does not hand a plugin's options to its subscribers):
 *
 *     LINCHPIN_URL=https://linchpin.example.com/webhooks/shop
 *     LINCHPIN_SECRET=…       16 characters at least; give Linchpin the same (`webhookSecret`)
 *
 * It sends the kinds and ids of records, nothing else of them, signed by HMAC-SHA256. Tried with Medusa 2.21.2.
 */
const { createHmac } = require('node:crypto')

/** Event → the records that it is about: each an entity, and where to find the ids. */
const orders = ids => ({ entity: 'SalesOrder', ids })
const about = {
  'order.placed': ({ id }) => [orders([id])],
  'order.updated': ({ id }) => [orders([id])],
  'order.canceled': ({ id }) => [orders([id])],
  'order.completed': ({ id }) => [orders([id])],
  'order.archived': ({ id }) => [orders([id])],
  'order.fulfillment_created': ({ order_id }) => [orders([order_id])],
  'order.fulfillment_canceled': ({ order_id }) => [orders([order_id])],
  'order.return_requested': returned,
  'order.return_received': returned,
  'shipment.created': async ({ id }, find) => [orders(await find('fulfillment', id, 'order.id'))],
  'delivery.created': async ({ id }, find) => [orders(await find('fulfillment', id, 'order.id'))],
  'payment.captured': async ({ id }, find) => [
    orders(await find('payment', id, 'payment_collection.order.id')),
  ],
  'payment.refunded': async ({ id }, find) => [
    orders(await find('payment', id, 'payment_collection.order.id')),
  ],
  'product.created': ofProduct,
  'product.updated': ofProduct,
  'product-variant.created': ({ id }) => [{ entity: 'Product', ids: [id] }],
  'product-variant.updated': ({ id }) => [{ entity: 'Product', ids: [id] }],
  'customer.created': ({ id }) => [{ entity: 'Account', ids: [id] }],
  'customer.updated': ({ id }) => [{ entity: 'Account', ids: [id] }],
}

function returned({ order_id, return_id }) {
  return [orders([order_id]), { entity: 'ReturnAuthorization', ids: [return_id] }]
}

async function ofProduct({ id }, find) {
  return [{ entity: 'Product', ids: await find('product', id, 'variants.id') }]
}

async function tell({ event, container }) {
  const logger = container.resolve('logger')
  try {
    const found = await about[event.name](event.data, finder(container))
    const records = found.flatMap(({ entity, ids }) => ids.filter(Boolean).map(id => ({ entity, id })))
    if (records.length > 0) await send(records)
  } catch (error) {
    logger.warn(`Linchpin was not told of ${event.name}; it will find it by itself. ${error.message}`)
  }
}

/** What of a record stands behind a path: 'payment_collection.order.id'. */
function finder(container) {
  const query = container.resolve('query')
  return async (entity, id, path) => {
    const { data } = await query.graph({ entity, fields: [path], filters: { id } })
    return path.split('.').reduce((found, name) => found.flatMap(each => each?.[name] ?? []), data)
  }
}

async function send(records) {
  const { LINCHPIN_URL: url, LINCHPIN_SECRET: secret } = process.env
  if (!url || !secret) throw new Error('LINCHPIN_URL and LINCHPIN_SECRET are not both set.')
  const body = JSON.stringify({ records })
  const signature = createHmac('sha256', secret).update(body).digest('hex')
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-linchpin-signature': signature },
    body,
    signal: AbortSignal.timeout(10_000),
  })
  if (!response.ok) throw new Error(`Linchpin answered ${response.status}.`)
}

module.exports = {
  default: tell,
  config: { event: Object.keys(about), context: { subscriberId: 'linchpin' } },
}
