import type { Fields } from '@linchpin/mapping'

/** The simulated systems name most things as our model does: what is tried here is the engine, not mappings. */
const same = (...names: readonly string[]): Fields => Object.fromEntries(names.map(name => [name, name]))

const orEmpty = (path: string) => ({ when: { has: path }, then: path, else: { constant: '' } })

const money = same('currency', 'taxInclusive', 'lines', 'charges', 'totals')
const billing = {
  order: { link: 'SalesOrder', of: 'orders[0]' },
  number: 'number',
  total: 'totals.payable',
} as const
const shipment = same('id', 'number', 'order', 'status', 'tracking', 'lines')

export const shopMappings = {
  SalesOrder: {
    ...same('id', 'number', 'issuedAt', 'status', 'buyer'),
    ...money,
    modifiedAt: 'changed',
    fulfilment: { constant: 'none' },
    invoicing: { constant: 'none' },
    payment: { constant: 'unpaid' },
    deliveries: { constant: [] },
  },
  Account: { ...same('id', 'name', 'email'), kind: { first: ['kind', { constant: 'person' }] } },
  Product: { ...same('id', 'sku', 'name'), kind: { constant: 'goods' }, active: { constant: true } },
  StockLevel: { id: 'id', product: 'id', onHand: 'stock', available: 'stock' },
} as const satisfies Record<string, Fields>

export const erpMappings = {
  SalesOrder: {
    ...same('id', 'status', 'currency'),
    number: 'reference',
    issuedAt: 'issuedAt',
    fulfilment: { constant: 'none' },
    invoicing: { constant: 'none' },
    payment: { constant: 'unpaid' },
    taxInclusive: { constant: true },
    buyer: { object: { id: 'customer', kind: { constant: 'person' }, name: { constant: 'Customer' } } },
    deliveries: { constant: [] },
    charges: { constant: [] },
    lines: {
      each: 'lines',
      as: {
        id: 'id',
        kind: { constant: 'item' },
        name: { constant: 'Item' },
        product: 'product',
        quantity: 'quantity',
        unitPrice: 'unitPrice',
        net: 'gross',
        tax: { constant: '0' },
        gross: 'gross',
      },
    },
    'totals.net': 'total',
    'totals.tax': { constant: '0' },
    'totals.payable': 'total',
  },
  Account: { ...same('id', 'name', 'email'), kind: { constant: 'person' } },
  Product: { ...same('id', 'sku', 'name'), kind: { constant: 'goods' }, active: { constant: true } },
  StockLevel: { id: 'product', product: 'product', onHand: 'available', available: 'available' },
  Price: same('id', 'product', 'priceList', 'currency', 'taxInclusive', 'list', 'sale'),
  Shipment: shipment,
  Invoice: { ...same('id', 'number', 'orders', 'status'), ...money },
  CreditNote: { ...same('id', 'number', 'orders', 'status', 'invoice'), ...money },
} as const satisfies Record<string, Fields>

export const writeMappings = {
  erp: {
    SalesOrder: {
      customer: { link: 'Account', of: 'buyer.id' },
      email: 'buyer.email',
      reference: 'number',
      issuedAt: 'issuedAt',
      currency: 'currency',
      cancelled: {
        when: { is: ['status', { constant: 'cancelled' }] },
        then: { constant: true },
        else: { constant: false },
      },
      total: 'totals.payable',
      lines: {
        each: 'lines',
        as: {
          id: 'id',
          product: { link: 'Product', of: 'product', by: { sku: 'sku' } },
          quantity: 'quantity',
          unitPrice: 'unitPrice',
          gross: 'gross',
        },
      },
    },
    Account: same('name', 'email'),
  },
  shop: {
    SalesOrder: {
      closed: { when: { is: ['status', { constant: 'closed' }] }, then: { constant: true } },
    },
    Product: same('sku', 'name'),
    StockLevel: { product: { link: 'Product', of: 'product' }, stock: 'available' },
    Price: {
      product: { link: 'Product', of: 'product' },
      ...same('priceList', 'currency', 'list'),
      // A sale that is over must not stay: what is left out of a write stays as it is.
      sale: orEmpty('sale.amount'),
      from: orEmpty('sale.from'),
      to: orEmpty('sale.to'),
    },
    Shipment: { order: { link: 'SalesOrder', of: 'order' }, number: 'number', tracking: 'tracking' },
    Account: same('name'),
    Invoice: billing,
    CreditNote: billing,
  },
} as const satisfies Record<string, Record<string, Fields>>
