import type { Condition, Expression, Mapping } from '@linchpin/mapping'
import { address, fullName } from './party-mapping.ts'

const shares: Expression = {
  each: 'discounts',
  as: {
    amount: 'amount',
    of: {
      when: { is: ['whole', { constant: true }] },
      then: { constant: 'document' },
      else: { constant: 'line' },
    },
    discount: 'id',
    code: 'code',
  },
}

const taxes: Expression = { each: 'taxes', as: { rate: 'rate', amount: 'amount', name: 'name' } }

/** Most shoppers give one address; it is the invoice's too. */
const billingAddress: Expression = {
  when: { has: 'billing_address.country_code' },
  then: { object: address('billing_address.') },
  else: { when: { has: 'shipping_address.country_code' }, then: { object: address('shipping_address.') } },
}

/** Whom nobody registered and nobody made in the admin: such a customer is made by Medusa for the e-mail of a cart. */
const isGuest: Condition = {
  all: [
    { not: { is: ['customer.has_account', { constant: true }] } },
    { not: { has: 'customer.created_by' } },
  ],
}

const company: Expression = {
  first: ['customer.company_name', 'billing_address.company', 'shipping_address.company'],
}
const email: Expression = { first: ['email', 'customer.email'] }

const buyer: Expression = {
  object: {
    id: {
      when: isGuest,
      then: { format: 'lower', of: { template: 'guest:{email}' } },
      else: 'customer.id',
    },
    kind: { when: { has: company }, then: { constant: 'company' }, else: { constant: 'person' } },
    guest: { when: isGuest, then: { constant: true } },
    name: {
      first: [
        company,
        fullName('customer.'),
        fullName('billing_address.'),
        fullName('shipping_address.'),
        email,
      ],
    },
    givenName: {
      first: ['customer.first_name', 'billing_address.first_name', 'shipping_address.first_name'],
    },
    familyName: { first: ['customer.last_name', 'billing_address.last_name', 'shipping_address.last_name'] },
    company,
    email,
    phone: { first: ['customer.phone', 'billing_address.phone', 'shipping_address.phone'] },
    vatId: 'customer.metadata.vat_id',
    billingAddress,
  },
}

const zero = { constant: '0' } as const

/** Money that went back comes before money that came: Medusa's captures stay as they were. */
const payment: Expression = {
  when: { greater: ['sums.refunded', zero] },
  then: {
    when: { greater: ['sums.captured', 'sums.refunded'] },
    then: { constant: 'partiallyRefunded' },
    else: { constant: 'refunded' },
  },
  else: {
    when: { not: { greater: ['sums.payable', 'sums.captured'] } },
    then: { constant: 'paid' },
    else: {
      when: { greater: ['sums.captured', zero] },
      then: { constant: 'partial' },
      else: {
        when: { greater: ['sums.authorized', zero] },
        then: { constant: 'authorized' },
        else: { constant: 'unpaid' },
      },
    },
  },
}

export const orderMapping: Mapping = {
  from: 'medusa.SalesOrder',
  to: 'SalesOrder',
  fields: {
    id: 'id',
    number: { format: 'text', of: 'display_id' },
    issuedAt: { format: 'instant', of: 'created_at' },
    modifiedAt: { format: 'instant', of: 'updated_at' },
    status: { lookup: 'status', of: 'status', else: { constant: 'held' } },
    fulfilment: 'shipped',
    invoicing: { constant: 'none' },
    payment,
    cancelledAt: { format: 'instant', of: 'canceled_at' },
    channel: 'sales_channel.name',
    currency: { format: 'upper', of: 'currency_code' },
    taxInclusive: 'inclusive',
    buyer,
    billingAddress,
    deliveries: {
      each: 'charges',
      as: {
        id: 'id',
        method: 'name',
        address: {
          when: { has: '$.shipping_address.country_code' },
          then: { object: address('$.shipping_address.') },
        },
      },
    },
    lines: {
      each: 'items',
      as: {
        id: 'id',
        kind: {
          when: { is: ['is_giftcard', { constant: true }] },
          then: { constant: 'giftCard' },
          else: { constant: 'item' },
        },
        product: 'variant_id',
        sku: 'variant_sku',
        name: { first: ['product_title', 'title'] },
        quantity: { format: 'decimal', of: 'quantity' },
        unitPrice: 'price',
        discounts: shares,
        net: 'amounts.net',
        tax: 'amounts.tax',
        gross: 'amounts.gross',
        taxes,
      },
    },
    charges: {
      each: 'charges',
      as: {
        id: 'id',
        kind: { constant: 'shipping' },
        name: 'name',
        code: 'shipping_option_id',
        discounts: shares,
        net: 'amounts.net',
        tax: 'amounts.tax',
        gross: 'amounts.gross',
        taxes,
      },
    },
    discounts: { each: 'order_discounts', as: { id: 'id', amount: 'amount', code: 'code' } },
    payments: {
      each: 'payments',
      as: {
        id: 'id',
        method: { first: ['provider_id', { constant: 'payment' }] },
        kind: { constant: 'payment' },
        status: {
          when: { has: 'canceled_at' },
          then: { constant: 'voided' },
          else: {
            when: { has: 'captured_at' },
            then: { constant: 'captured' },
            else: { constant: 'authorized' },
          },
        },
        amount: 'value',
        at: { format: 'instant', of: 'created_at' },
      },
    },
    'totals.net': 'sums.net',
    'totals.tax': 'sums.tax',
    'totals.rounding': { when: { not: { is: ['sums.rounding', zero] } }, then: 'sums.rounding' },
    'totals.payable': 'sums.payable',
    'extra.metadata': 'metadata',
  },
  tables: {
    // `requires_action` and what a later Medusa adds wait for someone.
    status: {
      pending: 'open',
      completed: 'closed',
      archived: 'closed',
      canceled: 'cancelled',
    },
  },
}
