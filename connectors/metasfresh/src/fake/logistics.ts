import { randomUUID } from 'node:crypto'
import { isObject, objects, Refused, texts, type Json } from './answers.ts'
import type { Order } from './books.ts'
import type { World } from './world.ts'

/** GET /shipments/shipmentCandidates: whole orders, each flagged as exported while it is told, so told once. */
export function exportCandidates({ books }: World, limit: number): unknown {
  const transactionKey = randomUUID()
  const isPending = (order: Order) =>
    order.status === 'CO' && order.lines.some(line => line.exported === 'PENDING')
  const pending = books.orders.filter(isPending)
  const told = pending.slice(0, limit)
  const items = told.flatMap(order => {
    const goods = order.lines.filter(line => books.products.get(line.product)?.type === 'I')
    books.orders.put(order.id, {
      ...order,
      lines: order.lines.map(line => ({ ...line, exported: 'EXPORTED' as const })),
    })
    return goods.map(line => {
      const product = books.products.get(line.product)
      return {
        id: line.schedule,
        orgCode: '001',
        orderDocumentNo: order.documentNo,
        poReference: order.poReference,
        product: { productNo: product?.value, name: product?.name },
        quantities: [{ qty: line.ordered - line.delivered, uomCode: 'PCE' }],
        orderedQty: [{ qty: line.ordered, uomCode: 'PCE' }],
        shipperInternalSearchKey: 'DHL',
      }
    })
  })
  if (items.length > 0)
    books.exports.put(transactionKey, { schedules: items.map(({ id }) => id), confirmed: [] })
  return { transactionKey, exportSequenceNumber: 1, hasMoreItems: pending.length > limit, items }
}

/** POST /shipments/shipmentCandidatesResult. What it does not know it passes over in silence. */
export function confirmExport({ books }: World, body: Json): void {
  const key = texts(body['transactionKey'])
  const known = books.exports.get(key)
  if (!known) return
  const confirmed = objects(body['items']).map(item => Number(item['scheduleId']))
  books.exports.put(key, { ...known, confirmed: [...new Set([...known.confirmed, ...confirmed])] })
}

/** POST /receipts: what customers sent back. */
export function receive({ books }: World, body: Json): unknown {
  const createdReturnIdList = objects(body['returnList']).map(item => {
    if (!books.products.find(product => product.value === item['productSearchKey']))
      throw new Refused(422, `There is no product ${texts(item['productSearchKey'])}`)
    const id = books.next()
    books.returns.put(id, { id, externalId: texts(item['externalId']) })
    return id
  })
  return { createdReceiptIdList: [], createdReturnIdList }
}

/** POST /orders/sales/payment: an order by 'ext-' and its header id. */
export function payOrder({ books }: World, body: Json): void {
  const header = /^ext-(.+)$/s.exec(texts(body['orderIdentifier']))?.[1]
  const order = books.orders.find(each => each.header === header)
  if (!order || !isObject(body)) throw new Refused(422, `There is no order ${texts(body['orderIdentifier'])}`)
  books.payments.put(books.next(), { id: texts(body['externalPaymentId']) })
}
