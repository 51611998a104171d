import type { Expression, Fields, Mapping } from '@linchpin/mapping'

const discounts: Expression = {
  each: 'discounts',
  as: { amount: 'amount', of: 'of', discount: 'index', code: 'code', reason: { first: ['title', 'code'] } },
}

const taxes: Expression = { each: 'taxes', as: { rate: 'rate', amount: 'amount', name: 'title' } }

const address = (at: string): Fields => ({
  name: `${at}.name`,
  company: `${at}.company`,
  streetName: `${at}.address1`,
  additionalStreetName: `${at}.address2`,
  cityName: `${at}.city`,
  postalZone: `${at}.zip`,
  countrySubentity: `${at}.provinceCode`,
  country: `${at}.countryCodeV2`,
  phone: `${at}.phone`,
})

/** Who buys without shipping gives one address only. */
const billingAddress: Expression = {
  when: { has: 'billingAddress.countryCodeV2' },
  then: { object: address('billingAddress') },
  else: { when: { has: 'shippingAddress.countryCodeV2' }, then: { object: address('shippingAddress') } },
}

const email: Expression = { first: ['email', 'customer.defaultEmailAddress.emailAddress'] }
const company: Expression = { first: ['company.name', 'billingAddress.company', 'shippingAddress.company'] }

/** Shopify makes a customer of whoever checks out; only an order that staff or a till entered can have none. */
const isGuest = { not: { any: [{ has: 'company.account' }, { has: 'customer.id' }] } } as const

const buyer: Expression = {
  object: {
    id: {
      first: [
        'company.account',
        'customer.id',
        { when: { has: email }, then: { format: 'lower', of: { template: 'guest:{email}' } } },
        { template: 'guest:{id}' },
      ],
    },
    kind: { when: { has: company }, then: { constant: 'company' }, else: { constant: 'person' } },
    guest: { when: isGuest, then: { constant: true } },
    name: {
      first: [company, 'customer.displayName', 'billingAddress.name', 'shippingAddress.name', 'number'],
    },
    givenName: 'customer.firstName',
    familyName: 'customer.lastName',
    company,
    email,
    phone: {
      first: [
        'phone',
        'customer.defaultPhoneNumber.phoneNumber',
        'billingAddress.phone',
        'shippingAddress.phone',
      ],
    },
    vatId: 'company.vatId',
    taxExempt: { first: ['company.taxExempt', 'customer.taxExempt'] },
    billingAddress,
    language: 'customerLocale',
  },
}

const lines: Expression = {
  each: 'lines',
  as: {
    id: 'id',
    kind: 'kind',
    product: 'variant.id',
    sku: 'sku',
    name: 'name',
    quantity: { format: 'decimal', of: 'quantity' },
    cancelled: {
      when: { greater: ['cancelled', { constant: 0 }] },
      then: { format: 'decimal', of: 'cancelled' },
    },
    unitPrice: 'unitPrice',
    discounts,
    net: 'net',
    tax: 'tax',
    gross: 'gross',
    taxes,
    'extra.customAttributes': 'customAttributes',
  },
}

const charges: Expression = {
  each: 'charges',
  as: {
    id: 'id',
    kind: 'kind',
    name: 'title',
    code: 'code',
    discounts,
    net: 'net',
    tax: 'tax',
    gross: 'gross',
    taxes,
  },
}

/** An archived order is closed; Shopify itself archives what is paid and shipped. */
const status: Expression = {
  when: { has: 'cancelledAt' },
  then: { constant: 'cancelled' },
  else: {
    when: { has: 'closedAt' },
    then: { constant: 'closed' },
    else: {
      when: { is: ['confirmed', { constant: false }] },
      then: { constant: 'draft' },
      else: {
        when: {
          any: [
            { is: ['displayFulfillmentStatus', { constant: 'ON_HOLD' }] },
            { in: ['displayFinancialStatus', ['EXPIRED', 'VOIDED']] },
          ],
        },
        then: { constant: 'held' },
        else: { constant: 'open' },
      },
    },
  },
}

export const orderMapping: Mapping = {
  from: 'shopify.SalesOrder',
  to: 'SalesOrder',
  fields: {
    id: 'id',
    number: 'number',
    issuedAt: { format: 'instant', of: 'processedAt' },
    modifiedAt: { format: 'instant', of: 'updatedAt' },
    status,
    fulfilment: { lookup: 'fulfilment', of: 'displayFulfillmentStatus', else: { constant: 'none' } },
    invoicing: { constant: 'none' },
    payment: { lookup: 'payment', of: 'displayFinancialStatus', else: { constant: 'unpaid' } },
    cancelledAt: { format: 'instant', of: 'cancelledAt' },
    cancelReason: 'cancelReason',
    channel: 'sourceName',
    currency: 'currencyCode',
    presentment: {
      when: { not: { is: ['currencyCode', 'presentmentCurrencyCode'] } },
      then: {
        object: { currency: 'presentmentCurrencyCode', payable: 'totalPriceSet.presentmentMoney.amount' },
      },
    },
    taxInclusive: 'taxesIncluded',
    buyer,
    contact: 'company.contact',
    paymentTerms: 'paymentTerms.paymentTermsName',
    buyerReference: 'poNumber',
    billingAddress,
    deliveries: {
      each: 'charges',
      where: { is: ['kind', { constant: 'shipping' }] },
      as: {
        id: 'id',
        method: 'title',
        address: {
          when: { has: '$.shippingAddress.countryCodeV2' },
          then: { object: address('$.shippingAddress') },
        },
      },
    },
    lines,
    charges,
    discounts: {
      each: 'orderDiscounts',
      as: { id: 'index', amount: 'amount', code: 'code', reason: { first: ['title', 'code'] } },
    },
    payments: {
      each: 'payments',
      as: {
        id: 'id',
        method: 'method',
        reference: 'paymentId',
        kind: {
          when: { is: ['gateway', { constant: 'gift_card' }] },
          then: { constant: 'giftCard' },
          else: { constant: 'payment' },
        },
        status: {
          when: {
            all: [
              { is: ['kind', { constant: 'AUTHORIZATION' }] },
              { is: ['status', { constant: 'SUCCESS' }] },
            ],
          },
          then: { constant: 'authorized' },
          else: { lookup: 'transaction', of: 'status', else: { constant: 'pending' } },
        },
        amount: 'amount',
        at: { format: 'instant', of: 'processedAt' },
      },
    },
    'totals.net': 'net',
    'totals.tax': 'tax',
    'totals.rounding': { when: { not: { in: ['rounding', ['0', '0.0', '0.00']] } }, then: 'rounding' },
    'totals.payable': 'payable',
    notes: {
      each: { constant: [{ by: 'buyer' }] },
      where: { has: '$.note' },
      as: { text: '$.note', by: 'by' },
    },
    'extra.tags': 'tags',
    'extra.customAttributes': 'customAttributes',
    'extra.metafields': 'metafields',
  },
  tables: {
    fulfilment: {
      FULFILLED: 'complete',
      PARTIALLY_FULFILLED: 'partial',
      FULFILLMENT_NOT_REQUIRED: 'complete',
    },
    payment: {
      AUTHORIZED: 'authorized',
      PARTIALLY_PAID: 'partial',
      PAID: 'paid',
      PARTIALLY_REFUNDED: 'partiallyRefunded',
      REFUNDED: 'refunded',
    },
    transaction: {
      SUCCESS: 'captured',
      PENDING: 'pending',
      FAILURE: 'failed',
      ERROR: 'failed',
    },
  },
}
