import type { Books, Fulfilment, FulfilmentOrder, Order, OrderLine, Refund, Return } from './books.ts'
import { purchaserOf } from './companies.ts'
import { connection, gidOf } from './lists.ts'
import { metafieldsOf } from './metafields.ts'
import { bag, taxOf } from './money.ts'
import { customerView } from './people.ts'
import { financialStatus, fulfilmentStatus, isHeld, sumsOf } from './order-sums.ts'
import { refundable, shareOf, suggestedRefund, transactionView } from './refunds.ts'

/** An order with all that the connector asks of one. */
export function orderView(books: Books, order: Order): object {
  const { shop } = books
  const sums = sumsOf(order, shop)
  const customer = order.customer === null ? undefined : books.customers.get(order.customer)
  const money = (cents: number) => bag(cents, shop)
  const shipping = {
    id: gidOf('ShippingLine', order.shipping.id),
    title: 'Standard',
    code: 'standard',
    originalPriceSet: money(order.shipping.price),
    discountAllocations: [],
    taxLines: [taxLine(books, order.shipping.price, 19)],
  }
  return {
    ...order,
    ...metafieldsOf(order),
    __typename: 'Order',
    id: gidOf('Order', order.id),
    cancelReason: order.cancelledAt ? 'OTHER' : null,
    confirmed: true,
    test: false,
    currencyCode: shop.currency,
    presentmentCurrencyCode: shop.currency,
    taxesIncluded: shop.taxesIncluded,
    dutiesIncluded: false,
    displayFinancialStatus: financialStatus(order, sums.total),
    displayFulfillmentStatus: isHeld(order) ? 'ON_HOLD' : fulfilmentStatus(order),
    phone: null,
    customerLocale: 'en',
    sourceName: 'web',
    tags: [],
    customer: customer ? customerView(customer) : null,
    purchasingEntity: order.companyLocation
      ? purchaserOf(books, order.companyLocation)
      : customer
        ? customerView(customer)
        : null,
    paymentTerms: null,
    billingAddress: order.address,
    shippingAddress: order.address,
    lineItems: (args: object) =>
      connection(
        order.lines.map(line => lineView(books, order, line)),
        args,
      ),
    shippingLines: (args: object) => connection([shipping], args),
    shippingLine: shipping,
    totalShippingPriceSet: money(order.shipping.price),
    additionalFees: [],
    originalTotalDutiesSet: null,
    transactions: ({ first }: { readonly first?: number }) =>
      order.transactions.slice(0, first).map(each => transactionView(books, order, each)),
    suggestedRefund: (args: object) => suggestedRefund(books, order, args),
    totalPriceSet: money(sums.total),
    totalTipReceivedSet: money(0),
    totalRefundedSet: money(order.refunds.reduce((total, { amount }) => total + amount, 0)),
    subtotalLineItemsQuantity: order.lines.reduce((total, { quantity }) => total + quantity, 0),
    currentSubtotalLineItemsQuantity: order.lines.reduce((total, each) => total + each.currentQuantity, 0),
    refunds: ({ first }: { readonly first?: number }) =>
      order.refunds.slice(0, first).map(each => refundView(books, order, each)),
    returns: (args: object) =>
      connection(
        order.returns.map(each => returnView(books, order, each)),
        args,
      ),
    fulfillments: order.fulfilments.map(each => fulfilmentView(books, order, each)),
    fulfillmentOrders: (args: object) =>
      connection(
        order.fulfilmentOrders.map(each => fulfilmentOrderView(books, order, each)),
        args,
      ),
  }
}

function taxLine(books: Books, cents: number, rate: number): object {
  return {
    title: `${rate} %`,
    ratePercentage: rate,
    priceSet: bag(taxOf(cents, rate, books.shop), books.shop),
  }
}

function lineView(books: Books, order: Order, line: OrderLine): object {
  const variant = line.variant === null ? undefined : books.variants.get(line.variant)
  return {
    ...line,
    id: gidOf('LineItem', line.id),
    name: line.title,
    refundableQuantity: refundable(order, line),
    isGiftCard: false,
    requiresShipping: true,
    variant: variant ? { id: gidOf('ProductVariant', variant.id) } : null,
    product: variant ? { id: gidOf('Product', variant.product) } : null,
    originalUnitPriceSet: bag(line.price, books.shop),
    discountAllocations:
      line.discount === 0
        ? []
        : [
            {
              allocatedAmountSet: bag(line.discount, books.shop),
              discountApplication: {
                __typename: 'DiscountCodeApplication',
                index: 0,
                targetType: 'LINE_ITEM',
                allocationMethod: 'ACROSS',
                code: order.code,
              },
            },
          ],
    taxLines: [taxLine(books, line.price * line.quantity - line.discount, line.taxRate)],
    customAttributes: [],
  }
}

export function refundView(books: Books, order: Order, refund: Refund): object {
  const { shop } = books
  return {
    ...refund,
    __typename: 'Refund',
    id: gidOf('Refund', refund.id),
    updatedAt: refund.createdAt,
    totalRefundedSet: bag(refund.amount, shop),
    return: null,
    refundLineItems: (args: object) =>
      connection(
        refund.lines.flatMap(({ line: id, quantity, restockType }) => {
          const line = order.lines.find(each => each.id === id)
          if (!line) return []
          const base = shareOf(line, quantity)
          return [
            {
              quantity,
              restockType,
              lineItem: lineView(books, order, line),
              subtotalSet: bag(base, shop),
              totalTaxSet: bag(taxOf(base, line.taxRate, shop), shop),
            },
          ]
        }),
        args,
      ),
    refundShippingLines: (args: object) =>
      connection(refund.shipping ? [shippingBack(books, order)] : [], args),
    transactions: (args: object) =>
      connection(
        order.transactions
          .filter(each => each.refund === refund.id)
          .map(each => transactionView(books, order, each)),
        args,
      ),
  }
}

function shippingBack({ shop }: Books, { shipping: { id, price } }: Order): object {
  return {
    id: gidOf('RefundShippingLine', id),
    shippingLine: { id: gidOf('ShippingLine', id), title: 'Standard' },
    subtotalAmountSet: bag(price, shop),
    taxAmountSet: bag(taxOf(price, 19, shop), shop),
  }
}

export function returnView(books: Books, order: Order, each: Return): object {
  return {
    id: gidOf('Return', each.id),
    __typename: 'Return',
    name: each.name,
    status: each.status,
    createdAt: each.createdAt,
    closedAt: null,
    order: () => orderView(books, order),
    returnLineItems: (args: object) =>
      connection(
        each.lines.flatMap(line => {
          const found = order.lines.find(({ id }) => id === line.line)
          const sent = found && {
            id: gidOf('FulfillmentLineItem', line.fulfilmentLine),
            lineItem: lineView(books, order, found),
          }
          return {
            __typename: 'ReturnLineItem',
            id: gidOf('ReturnLineItem', line.id),
            quantity: line.quantity,
            processedQuantity: line.processed,
            returnReasonNote: '',
            returnReasonDefinition: { name: line.reason },
            customerNote: null,
            fulfillmentLineItem: sent,
          }
        }),
        args,
      ),
    exchangeLineItems: (args: object) =>
      connection(
        each.exchange.map(({ id, variant, quantity }) => ({
          id: gidOf('ExchangeLineItem', id),
          quantity,
          variantId: gidOf('ProductVariant', variant),
          variantSku: books.variants.get(variant)?.sku ?? null,
        })),
        args,
      ),
  }
}

export function fulfilmentView(books: Books, order: Order, each: Fulfilment): object {
  return {
    ...each,
    __typename: 'Fulfillment',
    id: gidOf('Fulfillment', each.id),
    trackingInfo: each.numbers.map((number, at) => ({
      number,
      company: each.company,
      url: each.urls[at] ?? null,
    })),
    fulfillmentLineItems: (args: object) =>
      connection(
        each.lines.flatMap(({ id, line, quantity }) => {
          const found = order.lines.find(one => one.id === line)
          return found
            ? [{ id: gidOf('FulfillmentLineItem', id), quantity, lineItem: lineView(books, order, found) }]
            : []
        }),
        args,
      ),
  }
}

export function fulfilmentOrderView(books: Books, order: Order, each: FulfilmentOrder): object {
  const location = books.shop.locations.find(({ id }) => id === each.location)
  return {
    __typename: 'FulfillmentOrder',
    id: gidOf('FulfillmentOrder', each.id),
    status: each.status,
    assignedLocation: {
      name: location?.name ?? '',
      location: location ? { id: gidOf('Location', location.id) } : null,
    },
    lineItems: (args: object) =>
      connection(
        each.lines.map(({ id, line, remaining }) => {
          const found = order.lines.find(one => one.id === line)
          return {
            id: gidOf('FulfillmentOrderLineItem', id),
            remainingQuantity: remaining,
            sku: found?.sku ?? null,
            variant: found?.variant ? { id: gidOf('ProductVariant', found.variant) } : null,
          }
        }),
        args,
      ),
  }
}
