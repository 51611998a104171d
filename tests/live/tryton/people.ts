import { decimal, signIn, today, type Rpc } from './rpc.ts'

export interface Totals {
  readonly number: string | null
  readonly state: string
  readonly untaxed: string
  readonly tax: string
  readonly total: string
}

/** The people in front of the ERP: they keep products and stock, confirm, pick, pack, ship, invoice, post and pay. */
export class People {
  readonly rpc: Rpc

  constructor(rpc: Rpc) {
    this.rpc = rpc
  }

  static async signIn(at: {
    url: string
    database: string
    username: string
    password: string
  }): Promise<People> {
    return new People(await signIn(at))
  }

  /** A product of the 19 %, 7 % or untaxed category, with so many on the shelf. Answers the id of its variant. */
  async makeProduct(of: {
    sku: string
    name: string
    price: string
    rate: '19' | '7' | null
    stock?: number
    ean?: string
  }): Promise<string> {
    const category = of.rate === null ? 'Untaxed' : `Goods ${of.rate} %`
    const [account_category] = await this.search('product.category', [['name', '=', category]])
    const [unit] = await this.search('product.uom', [['symbol', '=', 'u']])
    const identifiers = of.ean === undefined ? [] : [['create', [{ type: 'ean', code: of.ean }]]]
    const template = await this.create('product.template', {
      name: of.name,
      default_uom: unit,
      sale_uom: unit,
      type: 'goods',
      salable: true,
      list_price: decimal(of.price),
      account_category,
      products: [['create', [{ suffix_code: of.sku, identifiers }]]],
    })
    const [product = 0] = await this.search('product.product', [['template', '=', template]])
    if (of.stock !== undefined) await this.countStock([[product, of.stock]])
    return String(product)
  }

  async setPrice(product: string, price: string): Promise<void> {
    const [{ template }] = await this.read<{ template: number }>('product.product', [product], ['template'])
    await this.rpc.call('model.product.template.write', [[template], { list_price: decimal(price) }])
  }

  /** An inventory of the storage zone: these are there now. */
  async countStock(
    counts: readonly (readonly [product: number | string, quantity: number])[],
  ): Promise<void> {
    const [warehouse] = await this.warehouse()
    const lines = counts.map(([product, quantity]) => ({ product: Number(product), quantity }))
    const inventory = await this.create('stock.inventory', {
      location: warehouse.storage_location,
      date: today(),
      lines: [['create', lines]],
    })
    await this.rpc.call('model.stock.inventory.confirm', [[inventory]])
  }

  /** Goods that are on their way from a supplier. */
  async expectStock(product: string, quantity: number): Promise<void> {
    const [supplier] = await this.search('stock.location', [['type', '=', 'supplier']])
    const [warehouse] = await this.warehouse()
    const [unit] = await this.search('product.uom', [['symbol', '=', 'u']])
    await this.create('stock.move', {
      product: Number(product),
      quantity,
      uom: unit,
      from_location: supplier,
      to_location: warehouse.input_location,
      planned_date: today(),
      company: this.rpc.context['company'],
      unit_price: decimal('1.00'),
      currency: (await this.search('currency.currency', [['code', '=', 'EUR']]))[0],
    })
  }

  /** What this order came to, as Tryton itself reckons. */
  async order(id: string): Promise<Totals & { shipments: number[]; invoices: number[] }> {
    const fields = [
      'number',
      'state',
      'untaxed_amount',
      'tax_amount',
      'total_amount',
      'shipments',
      'invoices',
    ]
    const [sale] = await this.read<Amounts & { shipments: number[]; invoices: number[] }>(
      'sale.sale',
      [id],
      fields,
    )
    return { ...totalsOf(sale), shipments: sale.shipments, invoices: sale.invoices }
  }

  async invoice(id: number | string): Promise<Totals> {
    const fields = ['number', 'state', 'untaxed_amount', 'tax_amount', 'total_amount']
    const [invoice] = await this.read<Amounts>('account.invoice', [id], fields)
    return totalsOf(invoice)
  }

  /** Lays the open shipment of an order in a parcel with this number and sends it; of each product only so many, when told. */
  async ship(order: string, tracking: string, only?: Readonly<Record<string, number>>): Promise<number> {
    const { shipments } = await this.order(order)
    const [open] = await this.search('stock.shipment.out', [
      ['id', 'in', shipments],
      ['state', '=', 'waiting'],
    ])
    if (open === undefined) throw new Error(`Order ${order} has no shipment that waits.`)
    if (only) await this.lessen(open, only)
    await this.shipment('assign_try', open)
    await this.shipment('pick', open)
    const [{ outgoing_moves }] = await this.read<{ outgoing_moves: number[] }>(
      'stock.shipment.out',
      [open],
      ['outgoing_moves'],
    )
    const moves = await this.search('stock.move', [
      ['id', 'in', outgoing_moves],
      ['quantity', '>', 0],
    ])
    const shipment = `stock.shipment.out,${open}`
    await this.create('stock.package', {
      type: await this.box(),
      shipment,
      moves: [['add', moves]],
      shipping_reference: tracking,
    })
    await this.shipment('pack', open)
    await this.shipment('done', open)
    return open
  }

  async post(invoice: number): Promise<void> {
    await this.rpc.call('model.account.invoice.post', [[invoice]])
  }

  /** Pays in full through the wizard, which wants every field of its form back. */
  async pay(invoice: number): Promise<void> {
    const wizard = 'wizard.account.invoice.pay'
    const active = { active_model: 'account.invoice', active_id: invoice, active_ids: [invoice] }
    const [run, form] = (await this.rpc.call(`${wizard}.create`, [])) as [number, string]
    const asked = (await this.rpc.call(`${wizard}.execute`, [run, {}, form], active)) as Wizard
    const [method] = await this.search('account.invoice.payment.method', [])
    const answers = { description: null, ...formOf(asked), payment_method: method, date: today() }
    await this.rpc.call(`${wizard}.execute`, [run, { [form]: answers }, 'choice'], active)
    await this.rpc.call(`${wizard}.delete`, [run])
  }

  /** Credits an invoice in full and answers the credit note, posted. */
  async credit(invoice: number): Promise<number> {
    const wizard = 'wizard.account.invoice.credit'
    const active = { active_model: 'account.invoice', active_id: invoice, active_ids: [invoice] }
    const [run, form] = (await this.rpc.call(`${wizard}.create`, [])) as [number, string]
    const asked = (await this.rpc.call(`${wizard}.execute`, [run, {}, form], active)) as Wizard
    const answers = { ...formOf(asked), invoice_date: today(), with_refund: false }
    await this.rpc.call(`${wizard}.execute`, [run, { [form]: answers }, 'credit'], active)
    await this.rpc.call(`${wizard}.delete`, [run])
    const made = await this.search('account.invoice', [['total_amount', '<', decimal('0')]])
    const credit = Math.max(...made)
    await this.post(credit)
    return credit
  }

  /** The button of the order's screen; it does nothing once the order is in processing. */
  async cancelOrder(order: string): Promise<void> {
    await this.rpc.call('model.sale.sale.cancel', [[Number(order)]])
  }

  /** As people do it once an order is in processing: its shipments, its draft invoices, and "recreate nothing" twice. */
  async callOff(order: string): Promise<void> {
    const { shipments, invoices } = await this.order(order)
    await this.rpc.call('model.stock.shipment.out.cancel', [shipments])
    await this.rpc.call('model.account.invoice.cancel', [invoices])
    for (const wizard of ['wizard.sale.handle.shipment.exception', 'wizard.sale.handle.invoice.exception']) {
      const id = Number(order)
      const active = { active_model: 'sale.sale', active_id: id, active_ids: [id] }
      const [run, form] = (await this.rpc.call(`${wizard}.create`, [])) as [number, string]
      const asked = (await this.rpc.call(`${wizard}.execute`, [run, {}, form], active)) as Wizard
      const nothing = Object.keys(formOf(asked)).filter(name => name.startsWith('recreate_'))
      const answers = { ...formOf(asked), ...Object.fromEntries(nothing.map(name => [name, []])) }
      await this.rpc.call(`${wizard}.execute`, [run, { [form]: answers }, 'handle'], active)
      await this.rpc.call(`${wizard}.delete`, [run])
    }
  }

  async search(model: string, domain: readonly unknown[]): Promise<number[]> {
    const context = { active_test: false }
    return (await this.rpc.call(
      `model.${model}.search`,
      [domain, 0, null, [['id', 'ASC']]],
      context,
    )) as number[]
  }

  async create(model: string, values: Readonly<Record<string, unknown>>): Promise<number> {
    const [id = 0] = (await this.rpc.call(`model.${model}.create`, [[values]])) as number[]
    return id
  }

  async write(model: string, id: number | string, values: Readonly<Record<string, unknown>>): Promise<void> {
    await this.rpc.call(`model.${model}.write`, [[Number(id)], values])
  }

  async delete(model: string, id: number | string): Promise<void> {
    await this.rpc.call(`model.${model}.delete`, [[Number(id)]])
  }

  async read<Row>(
    model: string,
    ids: readonly (number | string)[],
    fields: readonly string[],
  ): Promise<[Row, ...Row[]]> {
    return (await this.rpc.call(`model.${model}.read`, [ids.map(Number), fields])) as [Row, ...Row[]]
  }

  /** The inventory moves say what is picked; what is taken from them goes into a second shipment. */
  private async lessen(shipment: number, only: Readonly<Record<string, number>>): Promise<void> {
    const fields = ['inventory_moves.product']
    const [{ 'inventory_moves.': moves }] = await this.read<{
      'inventory_moves.': { id: number; product: number }[]
    }>('stock.shipment.out', [shipment], fields)
    const changes = moves.map(({ id, product }) => {
      const quantity = only[String(product)] ?? 0
      return quantity === 0 ? ['delete', [id]] : ['write', [id], { quantity }]
    })
    await this.write('stock.shipment.out', shipment, { inventory_moves: changes })
  }

  private async shipment(button: string, id: number): Promise<void> {
    const answer = await this.rpc.call(`model.stock.shipment.out.${button}`, [[id]])
    if (answer === false) throw new Error(`Shipment ${id} cannot be assigned: there is not enough stock.`)
  }

  private async box(): Promise<number> {
    const [box] = await this.search('stock.package.type', [])
    return box ?? this.create('stock.package.type', { name: 'Box' })
  }

  private async warehouse() {
    const found = await this.search('stock.location', [['type', '=', 'warehouse']])
    return this.read<{ storage_location: number; input_location: number }>('stock.location', found, [
      'storage_location',
      'input_location',
    ])
  }
}

interface Amounts {
  readonly number: string | null
  readonly state: string
  readonly untaxed_amount: { decimal: string }
  readonly tax_amount: { decimal: string }
  readonly total_amount: { decimal: string }
}
interface Wizard {
  readonly view: { readonly defaults: Readonly<Record<string, unknown>> }
}

/** The form's fields without the names of its relations, which come beside them under 'field.'. */
const formOf = ({ view }: Wizard) =>
  Object.fromEntries(Object.entries(view.defaults).filter(([name]) => !name.endsWith('.')))

const totalsOf = (of: Amounts): Totals => ({
  number: of.number,
  state: of.state,
  untaxed: of.untaxed_amount.decimal,
  tax: of.tax_amount.decimal,
  total: of.total_amount.decimal,
})
