/**
 * The models of the look-alike and their fields, as far as the connector asks for them. Values are kept as decimal
 * texts, days and instants; the wire turns them into Tryton's own types by the kind that stands here.
 */
export type Kind = 'char' | 'integer' | 'float' | 'boolean' | 'numeric' | 'date' | 'datetime' | 'json'

export type Field =
  | { readonly is: Kind; readonly default?: unknown }
  | { readonly is: 'many2one'; readonly to: string; readonly default?: unknown }
  /** The rows of `to` whose field `by` names this one, by id or, for a reference, as 'model,id'. */
  | { readonly is: 'one2many'; readonly to: string; readonly by: string }
  | { readonly is: 'many2many'; readonly to: string }
  | { readonly is: 'reference' }
  /** Computed by the behaviours when it is read; writing goes to the relation `through`, where it names one. */
  | {
      readonly is: 'function'
      readonly as: Kind | { readonly one: string } | { readonly many: string }
      readonly through?: string
    }

export interface Model {
  readonly title: string
  readonly fields: Readonly<Record<string, Field>>
}

const char = { is: 'char' } as const
const numeric = { is: 'numeric' } as const
const one = (to: string) => ({ is: 'many2one', to }) as const
const many = (to: string, by: string) => ({ is: 'one2many', to, by }) as const
const links = (to: string) => ({ is: 'many2many', to }) as const
const flag = (value: boolean) => ({ is: 'boolean', default: value }) as const
const computed = (as: Kind | { one: string } | { many: string }) => ({ is: 'function', as }) as const
const shared = (as: Kind | { one: string } | { many: string }) =>
  ({ is: 'function', as, through: 'template' }) as const
const state = (first: string) => ({ is: 'char', default: first }) as const
const amounts = {
  untaxed_amount: computed('numeric'),
  tax_amount: computed('numeric'),
  total_amount: computed('numeric'),
}

/** What every row has. */
const common: Readonly<Record<string, Field>> = {
  id: { is: 'integer' },
  rec_name: computed('char'),
  create_date: { is: 'datetime' },
  write_date: { is: 'datetime' },
}

const model = (title: string, fields: Model['fields']): Model => ({ title, fields: { ...common, ...fields } })
const named = (title: string, more: Model['fields'] = {}) =>
  model(title, { name: char, code: char, active: flag(true), ...more })

const line = {
  type: { is: 'char', default: 'line' },
  product: one('product.product'),
  quantity: { is: 'float' },
  unit: one('product.uom'),
  unit_price: numeric,
  amount: computed('numeric'),
  description: char,
  note: char,
  taxes: links('account.tax'),
} as const

export const models: Readonly<Record<string, Model>> = {
  'account.invoice': model('Invoice', {
    type: { is: 'char', default: 'out' },
    number: char,
    reference: char,
    description: char,
    state: state('draft'),
    company: one('company.company'),
    party: one('party.party'),
    invoice_address: one('party.address'),
    currency: one('currency.currency'),
    payment_term: one('account.invoice.payment_term'),
    invoice_date: { is: 'date' },
    lines: many('account.invoice.line', 'invoice'),
    taxes: many('account.invoice.tax', 'invoice'),
    lines_to_pay: many('account.move.line', 'invoice'),
    paid_amount: numeric,
    amount_to_pay: computed('numeric'),
    sales: computed({ many: 'sale.sale' }),
    ...amounts,
  }),
  'account.invoice.line': model('Invoice Line', {
    invoice: one('account.invoice'),
    origin: { is: 'reference' },
    ...line,
  }),
  'account.invoice.payment_term': named('Payment Term'),
  'account.invoice.tax': model('Invoice Tax', {
    invoice: one('account.invoice'),
    tax: one('account.tax'),
    base: numeric,
    amount: numeric,
  }),
  'account.move.line': model('Account Move Line', {
    invoice: one('account.invoice'),
    maturity_date: { is: 'date' },
  }),
  'account.tax': named('Tax', {
    type: { is: 'char', default: 'percentage' },
    rate: numeric,
    parent: one('account.tax'),
    group: one('account.tax.group'),
    company: one('company.company'),
  }),
  'account.tax.group': named('Tax Group', { kind: char }),
  carrier: named('Carrier'),
  'company.company': model('Company', { party: one('party.party'), currency: one('currency.currency') }),
  'country.country': named('Country'),
  'country.subdivision': named('Subdivision', { country: one('country.country') }),
  'currency.currency': named('Currency'),
  'ir.action.report': named('Report', { report_name: char }),
  'ir.lang': named('Language'),
  'ir.module': named('Module', { state: char }),
  'party.address': model('Address', {
    party: one('party.party'),
    party_name: char,
    name: char,
    street: char,
    postal_code: char,
    city: char,
    country: one('country.country'),
    subdivision: one('country.subdivision'),
    active: flag(true),
    invoice: flag(false),
    delivery: flag(false),
  }),
  'party.category': named('Category'),
  'party.contact_mechanism': model('Contact Mechanism', {
    party: one('party.party'),
    type: char,
    value: char,
    active: flag(true),
  }),
  'party.identifier': model('Party Identifier', { party: one('party.party'), type: char, code: char }),
  'party.party': named('Party', {
    lang: one('ir.lang'),
    replaced_by: one('party.party'),
    categories: links('party.category'),
    addresses: many('party.address', 'party'),
    contact_mechanisms: many('party.contact_mechanism', 'party'),
    identifiers: many('party.identifier', 'party'),
    sale_price_list: one('product.price_list'),
    customer_payment_term: one('account.invoice.payment_term'),
    tax_identifier: computed({ one: 'party.identifier' }),
    email: computed('char'),
    phone: computed('char'),
    mobile: computed('char'),
  }),
  'product.category': named('Category', { accounting: flag(false), customer_taxes: links('account.tax') }),
  'product.identifier': model('Product Identifier', {
    product: one('product.product'),
    type: char,
    code: char,
  }),
  'product.price_list': named('Price List', {
    company: one('company.company'),
    tax_included: flag(false),
    lines: many('product.price_list.line', 'price_list'),
  }),
  'product.price_list.line': model('Price List Line', {
    price_list: one('product.price_list'),
    sequence: { is: 'integer' },
    product: one('product.product'),
    category: one('product.category'),
    quantity: { is: 'float' },
    formula: char,
  }),
  'product.product': model('Product Variant', {
    template: one('product.template'),
    suffix_code: char,
    code: computed('char'),
    description: char,
    active: flag(true),
    attributes: { is: 'json' },
    weight: { is: 'float' },
    weight_uom: one('product.uom'),
    identifiers: many('product.identifier', 'product'),
    name: shared('char'),
    type: shared('char'),
    list_price: shared('numeric'),
    salable: shared('boolean'),
    default_uom: shared({ one: 'product.uom' }),
    sale_uom: shared({ one: 'product.uom' }),
    account_category: shared({ one: 'product.category' }),
    categories: shared({ many: 'product.category' }),
    quantity: computed('float'),
    forecast_quantity: computed('float'),
  }),
  'product.template': named('Product', {
    type: { is: 'char', default: 'goods' },
    list_price: numeric,
    salable: flag(false),
    default_uom: one('product.uom'),
    sale_uom: one('product.uom'),
    account_category: one('product.category'),
    categories: links('product.category'),
    products: many('product.product', 'template'),
  }),
  'product.uom': named('Unit of Measure', { symbol: char, digits: { is: 'integer' } }),
  'res.user.warning': model('User Warning', { user: { is: 'integer' }, name: char, always: flag(false) }),
  'sale.line': model('Sale Line', {
    sale: one('sale.sale'),
    ...line,
    moves: many('stock.move', 'origin'),
    moves_ignored: links('stock.move'),
    invoice_lines: many('account.invoice.line', 'origin'),
  }),
  'sale.sale': model('Sale', {
    company: one('company.company'),
    number: char,
    reference: char,
    description: char,
    comment: char,
    party: one('party.party'),
    invoice_address: one('party.address'),
    shipment_address: one('party.address'),
    warehouse: one('stock.location'),
    currency: one('currency.currency'),
    payment_term: one('account.invoice.payment_term'),
    sale_date: { is: 'date' },
    lines: many('sale.line', 'sale'),
    state: state('draft'),
    shipment_state: state('none'),
    invoice_state: state('none'),
    invoices_ignored: links('account.invoice'),
    shipments: computed({ many: 'stock.shipment.out' }),
    invoices: computed({ many: 'account.invoice' }),
    ...amounts,
  }),
  'stock.location': named('Location', { type: char, parent: one('stock.location') }),
  'stock.move': model('Stock Move', {
    product: one('product.product'),
    quantity: { is: 'float' },
    internal_quantity: computed('float'),
    uom: one('product.uom'),
    from_location: one('stock.location'),
    to_location: one('stock.location'),
    state: state('draft'),
    origin: { is: 'reference' },
    shipment: { is: 'reference' },
    sale: computed({ one: 'sale.sale' }),
  }),
  'stock.package': model('Stock Package', {
    code: char,
    shipment: { is: 'reference' },
    shipping_reference: char,
    shipping_tracking_url: computed('char'),
  }),
  'stock.shipment.out': model('Customer Shipment', {
    company: one('company.company'),
    number: char,
    state: state('waiting'),
    customer: one('party.party'),
    delivery_address: one('party.address'),
    planned_date: { is: 'date' },
    effective_date: { is: 'date' },
    carrier: one('carrier'),
    moves: many('stock.move', 'shipment'),
    outgoing_moves: many('stock.move', 'shipment'),
    packages: many('stock.package', 'shipment'),
  }),
}
