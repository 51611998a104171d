import type { Condition, Expression, Fields, Mapping } from '@linchpin/mapping'
import { addressOf, personName, present, VAT_KEYS } from './party-mapping.ts'

const amounts: Fields = {
  net: { format: 'decimal', of: 'left.total' },
  tax: { format: 'decimal', of: 'left.total_tax' },
  gross: { calculate: 'add', of: ['left.total', 'left.total_tax'] },
  taxes: {
    each: 'taxes',
    as: { rate: 'rate_percent', amount: 'amount', name: present('label') },
  },
}

const isLine: Condition = { in: ['order_item_type', ['line_item', 'tip']] }
const isCharge: Condition = { in: ['order_item_type', ['shipping', 'fee']] }
const isMoney: Condition = { not: { is: ['order_item_type', { constant: 'gift_card' }] } }
const sumOf = (path: string): Expression => ({
  calculate: 'sum',
  of: [{ each: 'order_items', where: isMoney, as: { value: path } }],
})

const refunded: Expression = {
  format: 'absolute',
  of: { calculate: 'sum', of: [{ each: 'refunds', as: { value: 'total' } }] },
}

/** WooCommerce's order to ours. Custom statuses are held until an operator's mapping says what they mean. */
export const orderMapping: Mapping = {
  from: 'woocommerce.SalesOrder',
  to: 'SalesOrder',
  tables: {
    status: {
      'auto-draft': 'draft',
      'checkout-draft': 'draft',
      pending: 'held',
      'on-hold': 'held',
      failed: 'held',
      processing: 'open',
      completed: 'closed',
      cancelled: 'cancelled',
      trash: 'cancelled',
    },
  },
  fields: {
    id: { format: 'text', of: 'id' },
    number: { format: 'text', of: { first: ['number', 'id'] } },
    issuedAt: { format: 'instant', of: 'date_created_gmt' },
    modifiedAt: { format: 'instant', of: 'date_modified_gmt' },
    // WooCommerce says `refunded` of both: goods that came back, and an order that was called off before shipping.
    status: {
      when: { is: ['status', { constant: 'refunded' }] },
      then: {
        when: {
          any: [{ has: 'date_completed_gmt' }, { has: 'meta_data[key=_wc_shipment_tracking_items].value' }],
        },
        then: { constant: 'closed' },
        else: { constant: 'cancelled' },
      },
      else: { lookup: 'status', of: 'status', else: { constant: 'held' } },
    },
    fulfilment: {
      when: { has: 'date_completed_gmt' },
      then: { constant: 'complete' },
      else: {
        when: { has: 'meta_data[key=_wc_shipment_tracking_items].value' },
        then: { constant: 'partial' },
        else: { constant: 'none' },
      },
    },
    invoicing: {
      when: { has: 'meta_data[key=_linchpin_invoiced].value' },
      then: {
        when: { greater: ['total', 'meta_data[key=_linchpin_invoiced].value'] },
        then: { constant: 'partial' },
        else: { constant: 'complete' },
      },
      else: { constant: 'none' },
    },
    payment: {
      when: { greater: [refunded, { constant: '0' }] },
      then: {
        when: { greater: ['total', refunded] },
        then: { constant: 'partiallyRefunded' },
        else: { constant: 'refunded' },
      },
      else: { when: { has: 'date_paid_gmt' }, then: { constant: 'paid' }, else: { constant: 'unpaid' } },
    },
    channel: present('created_via'),
    currency: 'currency',
    taxInclusive: { format: 'boolean', of: 'prices_include_tax' },
    buyer: {
      object: {
        id: {
          when: { greater: [{ format: 'text', of: 'customer_id' }, { constant: '0' }] },
          then: { format: 'text', of: 'customer_id' },
          else: { format: 'lower', of: { format: 'trim', of: { template: 'guest:{billing.email}' } } },
        },
        guest: {
          when: { greater: [{ format: 'text', of: 'customer_id' }, { constant: '0' }] },
          then: { constant: false },
          else: { constant: true },
        },
        kind: {
          when: { has: 'billing.company' },
          then: { constant: 'company' },
          else: { constant: 'person' },
        },
        name: { first: ['billing.company', personName('billing'), 'billing.email', { constant: 'Guest' }] },
        givenName: present('billing.first_name'),
        familyName: present('billing.last_name'),
        company: present('billing.company'),
        email: present('billing.email'),
        phone: present('billing.phone'),
        vatId: { first: VAT_KEYS.map(key => `meta_data[key=${key}].value`) },
        billingAddress: addressOf('billing'),
        currency: 'currency',
      },
    },
    buyerReference: {
      first: [
        '_billing_po_number',
        'billing_po_number',
        '_po_number',
        'po_number',
        'purchase_order_number',
      ].map(key => `meta_data[key=${key}].value`),
    },
    billingAddress: addressOf('billing'),
    deliveries: {
      each: { constant: [{ id: 'shipping' }] },
      as: {
        id: 'id',
        address: {
          when: { any: [{ has: '$.shipping.address_1' }, { has: '$.shipping.city' }] },
          then: addressOf('$.shipping'),
          else: addressOf('$.billing'),
        },
        method: present('$.shipping_lines[0].method_title'),
      },
    },
    lines: {
      each: 'order_items',
      where: isLine,
      as: {
        id: { format: 'text', of: 'id' },
        kind: { lookup: { line_item: 'item', tip: 'tip' }, of: 'order_item_type' },
        product: {
          when: {
            greater: [
              { format: 'text', of: { first: ['variation_id', { constant: 0 }] } },
              { constant: '0' },
            ],
          },
          then: { template: '{product_id}/{variation_id}' },
          else: {
            when: {
              greater: [
                { format: 'text', of: { first: ['product_id', { constant: 0 }] } },
                { constant: '0' },
              ],
            },
            then: { format: 'text', of: 'product_id' },
          },
        },
        sku: present('sku'),
        name: { first: ['name', 'sku', { constant: '?' }] },
        quantity: { format: 'decimal', of: 'quantity' },
        unitPrice: 'unit_price',
        cancelled: {
          when: { greater: ['cancelled_quantity', { constant: '0' }] },
          then: 'cancelled_quantity',
        },
        discounts: {
          each: 'discounts',
          as: {
            amount: 'amount',
            of: {
              when: { has: 'code' },
              then: { constant: 'document' },
              else: { constant: 'line' },
            },
            discount: { format: 'text', of: 'coupon_id' },
            code: present('code'),
          },
        },
        ...amounts,
        delivery: { constant: 'shipping' },
      },
    },
    charges: {
      each: 'order_items',
      where: isCharge,
      as: {
        id: { format: 'text', of: 'id' },
        kind: { lookup: { shipping: 'shipping', fee: 'other' }, of: 'order_item_type' },
        name: { first: ['name', 'order_item_type'] },
        code: present('method_id'),
        ...amounts,
      },
    },
    discounts: {
      each: 'coupon_lines',
      as: {
        id: { format: 'text', of: 'id' },
        amount: 'allocated',
        code: present('code'),
      },
    },
    payments: {
      each: 'payments',
      as: {
        id: { template: '{$.id}-{payment_method}' },
        method: { first: ['payment_method_title', 'payment_method'] },
        provider: 'payment_method',
        reference: present('transaction_id'),
        kind: 'kind',
        status: 'status',
        amount: 'amount',
        at: { format: 'instant', of: 'date_paid_gmt' },
      },
    },
    totals: {
      object: {
        net: sumOf('left.total'),
        tax: sumOf('left.total_tax'),
        rounding: {
          when: { not: { in: ['rounding', ['0']] } },
          then: 'rounding',
        },
        payable: { calculate: 'sum', of: [sumOf('left.total'), sumOf('left.total_tax'), 'rounding'] },
      },
    },
    notes: {
      each: { constant: [{ by: 'buyer' }] },
      where: { has: '$.customer_note' },
      as: { text: '$.customer_note', by: 'by' },
    },
  },
}
