import { add, divide, multiply, round, sum } from '@linchpin/model'
import { errorOf, isObject, objects, Refused, texts, type Json } from './answers.ts'
import type { Books, CandidateRow, Order, OrderLine } from './books.ts'
import type { World } from './world.ts'

/**
 * POST /orders/sales/candidates/bulk. A candidate whose external system, header and line id are known is passed over and
 * left out of the answer; one with a blank id never is.
 */
export function createCandidates(
  world: World,
  body: Json,
): { readonly status: number; readonly body: unknown } {
  const { books } = world
  const result: unknown[] = []
  const errors: unknown[] = []
  for (const request of objects(body['requests'])) {
    if (knownCandidate(books, request)) continue
    try {
      check(world, request)
      const id = books.next()
      books.candidates.put(id, { id, updated: books.stamp(), request, order: null })
      result.push({ id, ...request })
    } catch (error) {
      if (!(error instanceof Refused)) throw error
      errors.push(errorOf(error.message))
    }
  }
  if (errors.length > 0 && result.length === 0) return { status: 400, body: { errors } }
  return { status: errors.length > 0 ? 207 : 201, body: { result, errors } }
}

const ID = ['externalSystemCode', 'externalHeaderId', 'externalLineId'] as const

function knownCandidate({ candidates }: Books, request: Json): boolean {
  if (ID.some(name => texts(request[name]).trim() === '')) return false
  return candidates.all().some(({ request: other }) => ID.every(name => other[name] === request[name]))
}

function check({ books, options }: World, request: Json): void {
  const partner = isObject(request['bpartner']) ? request['bpartner'] : {}
  if (request['orgCode'] !== options.org)
    throw new Refused(404, `There is no organisation ${texts(request['orgCode'])}`)
  if (request['externalSystemCode'] !== options.system)
    throw new Refused(404, `There is no external system ${texts(request['externalSystemCode'])}`)
  const bpartner = books.resolve('BPartner', partner['bPartnerIdentifier'])
  if (bpartner === undefined || !books.partners.get(bpartner))
    throw new Refused(404, `There is no business partner for ${texts(partner['bPartnerIdentifier'])}`)
  const location = partner['bPartnerLocationIdentifier']
  if (location !== undefined && books.resolve('Location', location) === undefined)
    throw new Refused(404, `There is no location for ${texts(location)}`)
  const product = books.resolve('Product', request['productIdentifier'])
  if (product === undefined || !books.products.get(product))
    throw new Refused(404, `There is no product for ${texts(request['productIdentifier'])}`)
  if (request['currencyCode'] !== options.currency)
    throw new Refused(422, `There is no price list in ${texts(request['currencyCode'])}`)
  const docType = texts(request['orderDocType'] ?? 'SalesOrder')
  if (!options.docTypes.includes(docType)) throw new Refused(422, `There is no document type ${docType}`)
}

/** PUT /orders/sales/candidates/process: all that waits under a header becomes one order. */
export function processCandidates(world: World, body: Json): unknown {
  const { books, traps } = world
  const waiting = books.candidates.filter(
    ({ request, order }) =>
      order === null &&
      request['externalHeaderId'] === body['externalHeaderId'] &&
      request['externalSystemCode'] === body['externalSystemCode'],
  )
  if (waiting.length > 0 && !traps.slowClearing) makeOrder(world, waiting)
  const ids = books.orders.filter(order => order.header === body['externalHeaderId']).map(order => order.id)
  return { olCandProcessResponse: { orderResponse: { orderIds: ids } } }
}

/** What the queue of candidates that was put by becomes at last. */
export function clearCandidates(world: World): void {
  const waiting = world.books.candidates.filter(({ order }) => order === null)
  const headers = new Set(waiting.map(({ request }) => request['externalHeaderId']))
  for (const header of headers)
    makeOrder(
      world,
      waiting.filter(({ request }) => request['externalHeaderId'] === header),
    )
}

function makeOrder(world: World, waiting: readonly CandidateRow[]): void {
  const { books, options } = world
  const [first] = waiting
  if (!first) return
  const id = books.next()
  const lines = waiting.map(({ request }) => lineOf(world, request))
  const partner = isObject(first.request['bpartner']) ? first.request['bpartner'] : {}
  const order: Order = {
    id,
    updated: books.stamp(),
    documentNo: books.number(options.orderPrefix),
    status: 'CO',
    header: texts(first.request['externalHeaderId']),
    poReference: texts(first.request['poReference']),
    dateOrdered: texts(first.request['dateOrdered']),
    partner: books.resolve('BPartner', partner['bPartnerIdentifier']) ?? 0,
    currency: options.currency,
    docType: texts(first.request['orderDocType'] ?? 'SalesOrder'),
    lines,
    total: totalOf(lines),
    own: options.own,
  }
  books.orders.put(id, order)
  for (const candidate of waiting) books.candidates.put(candidate.id, { ...candidate, order: id })
}

function lineOf({ books, options }: World, request: Json): OrderLine {
  const product = books.resolve('Product', request['productIdentifier']) ?? 0
  const held = books.products.get(product)
  const price = round(texts(request['price']), options.priceDecimals)
  const id = books.next()
  return {
    id,
    line: Number(request['line']),
    externalId: texts(request['externalLineId']),
    product,
    description: texts(request['productDescription']),
    ordered: Number(request['qty']),
    delivered: 0,
    invoiced: 0,
    price,
    net: round(multiply(price, texts(request['qty'])), 2),
    rate: options.taxCategories[held?.category ?? ''] ?? '0',
    schedule: id + 500_000,
    exported: 'PENDING',
  }
}

/** Tax is of the document, by rate. */
export function totalOf(lines: readonly Pick<OrderLine, 'net' | 'rate'>[]): string {
  const taxes = [...new Set(lines.map(line => line.rate))].map(rate => taxOf(lines, rate))
  return add(sum(lines.map(line => line.net)), sum(taxes))
}

export function taxOf(lines: readonly Pick<OrderLine, 'net' | 'rate'>[], rate: string): string {
  const base = sum(lines.filter(line => line.rate === rate).map(line => line.net))
  return round(divide(multiply(base, rate), '100'), 2)
}

/** PUT /orders/sales/{id}/revert: not once something came of it. */
export function revertOrder({ books }: World, id: string): unknown {
  const order = books.orders.get(id)
  if (!order) throw new Refused(404, `There is no order ${id}`)
  const shipped = books.shipments.find(each => each.order === order.id && each.status === 'CO')
  const billed = books.invoices.find(each => each.order === order.id && each.status === 'CO')
  if (shipped) throw new Refused(422, `Order ${order.documentNo} has shipment ${shipped.documentNo}`)
  if (billed) throw new Refused(422, `Order ${order.documentNo} has invoice ${billed.documentNo}`)
  books.orders.put(order.id, { ...order, status: 'RE', updated: books.stamp() })
  return { salesOrderId: String(order.id), documentNo: order.documentNo }
}
