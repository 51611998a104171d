import type { Expression, Fields, Mapping } from '@linchpin/mapping'

/** In the order's price basis. */
const basis = (gross: Expression, net: Expression): Expression => ({
  when: { is: ['$.channel.pricesIncludeTax', { constant: true }] },
  then: gross,
  else: net,
})

const less = (left: Expression, right: Expression): Expression => ({
  calculate: 'subtract',
  of: [left, right],
})

/** Vendure's discounts are negative. */
const given: Expression = { format: 'absolute', of: basis('amountWithTax', 'amount') }

const discounts: Expression = {
  each: 'discounts',
  as: {
    amount: given,
    of: {
      when: { is: ['type', { constant: 'DISTRIBUTED_ORDER_PROMOTION' }] },
      then: { constant: 'document' },
      else: { constant: 'line' },
    },
    discount: 'adjustmentSource',
    code: 'promotion.couponCode',
    reason: 'description',
  },
}

const taxes: Expression = {
  each: 'taxLines',
  as: { rate: 'taxRate', amount: 'amount', name: 'description' },
}

const address = (at: string): Fields => ({
  name: `${at}.fullName`,
  company: `${at}.company`,
  streetName: `${at}.streetLine1`,
  additionalStreetName: `${at}.streetLine2`,
  cityName: `${at}.city`,
  postalZone: `${at}.postalCode`,
  countrySubentity: `${at}.province`,
  country: `${at}.countryCode`,
  phone: `${at}.phoneNumber`,
})

/** Most shoppers give one address; it is the invoice's too. */
const billingAddress: Expression = {
  when: { has: 'billingAddress.countryCode' },
  then: { object: address('billingAddress') },
  else: { when: { has: 'shippingAddress.countryCode' }, then: { object: address('shippingAddress') } },
}

const company: Expression = { first: ['billingAddress.company', 'shippingAddress.company'] }

/** Someone who did not register has no user, and their customer record is one for each e-mail address. */
const isGuest = { not: { has: 'customer.user.id' } } as const

const buyer: Expression = {
  object: {
    id: {
      when: isGuest,
      then: { format: 'lower', of: { template: 'guest:{customer.emailAddress}' } },
      else: 'customer.id',
    },
    kind: { when: { has: company }, then: { constant: 'company' }, else: { constant: 'person' } },
    guest: { when: isGuest, then: { constant: true } },
    name: {
      first: [company, { format: 'trim', of: { template: '{customer.firstName} {customer.lastName}' } }],
    },
    givenName: 'customer.firstName',
    familyName: 'customer.lastName',
    company,
    email: 'customer.emailAddress',
    phone: { first: ['customer.phoneNumber', 'billingAddress.phoneNumber', 'shippingAddress.phoneNumber'] },
    vatId: 'customer.vatId',
    billingAddress,
  },
}

const ordered: Expression = {
  when: { greater: ['quantity', 'orderPlacedQuantity'] },
  then: 'quantity',
  else: 'orderPlacedQuantity',
}

/** A line that was added to a placed order and taken away again was never there. */
const isLine = {
  any: [{ greater: ['quantity', { constant: 0 }] }, { greater: ['orderPlacedQuantity', { constant: 0 }] }],
} as const

const lines: Expression = {
  each: 'lines',
  where: isLine,
  as: {
    id: 'id',
    kind: { constant: 'item' },
    product: 'productVariant.id',
    sku: 'productVariant.sku',
    name: 'productVariant.name',
    quantity: { format: 'decimal', of: ordered },
    cancelled: {
      when: { greater: ['orderPlacedQuantity', 'quantity'] },
      then: less('orderPlacedQuantity', 'quantity'),
    },
    unitPrice: basis('unitPriceWithTax', 'unitPrice'),
    discounts,
    net: 'proratedLinePrice',
    tax: less('proratedLinePriceWithTax', 'proratedLinePrice'),
    gross: 'proratedLinePriceWithTax',
    taxes,
  },
}

const charges: Expression = {
  each: 'charges',
  as: {
    id: 'id',
    kind: 'kind',
    name: 'name',
    code: 'code',
    discounts,
    net: 'net',
    tax: less('gross', 'net'),
    gross: 'gross',
    taxes,
  },
}

const sum = (...of: Expression[]): Expression => ({ calculate: 'sum', of })
const all = (list: string, value: string): Expression => ({ each: list, as: { value } })

const net = sum(all('lines', 'proratedLinePrice'), all('charges', 'net'))
const gross = sum(all('lines', 'proratedLinePriceWithTax'), all('charges', 'gross'))
const rounding = less('totalWithTax', gross)

const having = (state: string): Expression =>
  sum({ each: 'payments', where: { is: ['state', { constant: state }] }, as: { value: 'amount' } })
const zero = { constant: '0' } as const
const refunded = sum({
  each: 'payments',
  as: {
    value: sum({
      each: 'refunds',
      where: { is: ['state', { constant: 'Settled' }] },
      as: { value: 'total' },
    }),
  },
})
const paid = having('Settled')

/** Refunded comes before paid: Vendure's total stays as it was when money goes back. */
const payment: Expression = {
  when: { greater: [refunded, zero] },
  then: {
    when: { greater: [paid, refunded] },
    then: { constant: 'partiallyRefunded' },
    else: { constant: 'refunded' },
  },
  else: {
    when: { not: { greater: ['totalWithTax', paid] } },
    then: { constant: 'paid' },
    else: {
      when: { greater: [paid, zero] },
      then: { constant: 'partial' },
      else: {
        when: { greater: [having('Authorized'), zero] },
        then: { constant: 'authorized' },
        else: { constant: 'unpaid' },
      },
    },
  },
}

export const orderMapping: Mapping = {
  from: 'vendure.SalesOrder',
  to: 'SalesOrder',
  fields: {
    id: 'id',
    number: 'code',
    issuedAt: { format: 'instant', of: 'orderPlacedAt' },
    modifiedAt: { format: 'instant', of: 'updatedAt' },
    // A shop with an order process of its own has states that we do not know: they wait for someone.
    status: { lookup: 'status', of: 'state', else: { constant: 'held' } },
    fulfilment: { lookup: 'fulfilment', of: 'state', else: { constant: 'none' } },
    invoicing: { constant: 'none' },
    payment,
    channel: 'channel.code',
    currency: 'currencyCode',
    taxInclusive: 'channel.pricesIncludeTax',
    buyer,
    billingAddress,
    deliveries: {
      each: 'shippingLines',
      as: {
        id: 'id',
        method: 'shippingMethod.name',
        address: {
          when: { has: '$.shippingAddress.countryCode' },
          then: { object: address('$.shippingAddress') },
        },
      },
    },
    lines,
    charges,
    discounts: {
      each: 'orderDiscounts',
      as: { id: 'adjustmentSource', amount: given, code: 'promotion.couponCode', reason: 'description' },
    },
    payments: {
      each: 'payments',
      as: {
        id: 'id',
        method: 'method',
        reference: 'transactionId',
        kind: { constant: 'payment' },
        status: { lookup: 'payment', of: 'state', else: { constant: 'pending' } },
        amount: 'amount',
        at: { format: 'instant', of: 'createdAt' },
      },
    },
    'totals.net': net,
    'totals.tax': less(gross, net),
    'totals.rounding': { when: { not: { is: [rounding, zero] } }, then: rounding },
    'totals.payable': 'totalWithTax',
    notes: {
      each: 'notes',
      as: {
        id: 'id',
        text: 'data.note',
        by: { constant: 'seller' },
        at: { format: 'instant', of: 'createdAt' },
      },
    },
    'extra.state': 'state',
    'extra.customFields': 'customFields',
  },
  tables: {
    status: {
      Created: 'draft',
      Draft: 'draft',
      AddingItems: 'draft',
      ArrangingPayment: 'draft',
      PaymentAuthorized: 'open',
      PaymentSettled: 'open',
      PartiallyShipped: 'open',
      Shipped: 'open',
      PartiallyDelivered: 'open',
      Delivered: 'closed',
      Modifying: 'held',
      ArrangingAdditionalPayment: 'held',
      Cancelled: 'cancelled',
    },
    fulfilment: {
      PartiallyShipped: 'partial',
      PartiallyDelivered: 'partial',
      Shipped: 'complete',
      Delivered: 'complete',
    },
    payment: {
      Created: 'pending',
      Authorized: 'authorized',
      Settled: 'captured',
      Declined: 'failed',
      Error: 'failed',
      Cancelled: 'voided',
    },
  },
}
