import { round, sum, divide, multiply } from '@linchpin/model'
import type { Order, OrderLine, Product } from './books.ts'
import { clearCandidates, revertOrder, totalOf } from './sales.ts'
import { lineTaxes } from './views.ts'
import type { World } from './world.ts'

export type People = ReturnType<typeof peopleOf>

/** What the people in front of it do. */
export function peopleOf(world: World) {
  const { books } = world
  const orderOf = (id: string): Order => {
    const order = books.orders.get(id)
    if (!order) throw new Error(`The look-alike has no order ${id}.`)
    return order
  }
  const productOf = (sku: string): Product => {
    const product = books.products.find(each => each.value === sku)
    if (!product) throw new Error(`The look-alike has no product ${sku}.`)
    return product
  }
  const change = (product: Product, fields: Partial<Product>) =>
    books.products.put(product.id, { ...product, ...fields, updated: books.stamp() })
  const isGoods = (line: OrderLine) => books.products.get(line.product)?.type === 'I'
  const save = (order: Order, lines: readonly OrderLine[]) =>
    books.orders.put(order.id, { ...order, lines, updated: books.stamp() })

  return {
    orderOf,
    productOf,
    has: (sku: string) => books.products.find(each => each.value === sku) !== undefined,
    clearCandidates: () => clearCandidates(world),
    makeProduct(article: {
      readonly sku: string
      readonly name: string
      readonly price: string
      readonly category?: string
      readonly stock?: number
      readonly type?: 'I' | 'S'
    }): string {
      const { sku, name, price, category = 'NORMAL', stock = 0, type = 'I' } = article
      const id = books.next()
      const own = { value: sku, name, price, category, onHand: stock, type, active: true, own: {} }
      books.products.put(id, { id, updated: books.stamp(), ...own })
      return String(id)
    },
    setPrice: (sku: string, price: string) => void change(productOf(sku), { price }),
    setStock: (sku: string, onHand: number) => void change(productOf(sku), { onHand }),
    changeProduct: (sku: string, fields: Partial<Product>) => void change(productOf(sku), fields),
    /** All that is left of the goods, or so many of a SKU, leave in one parcel. */
    ship(id: string, tracking: string | null, parts?: Readonly<Record<string, number>>): string {
      const order = orderOf(id)
      const left = (line: OrderLine) => {
        const wanted = parts?.[books.products.get(line.product)?.value ?? ''] ?? (parts ? 0 : Infinity)
        return isGoods(line) ? Math.min(wanted, line.ordered - line.delivered) : 0
      }
      const going = order.lines.map(line => ({ line, qty: left(line) })).filter(({ qty }) => qty > 0)
      if (going.length === 0) throw new Error(`Nothing of order ${order.documentNo} is left to be shipped.`)
      const shipment = books.next()
      books.shipments.put(shipment, {
        id: shipment,
        updated: books.stamp(),
        documentNo: books.number('5'),
        order: order.id,
        status: 'CO',
        date: books.day(),
        lines: going.map(({ line, qty }) => ({ id: books.next(), product: line.product, qty })),
        parcels: tracking === null ? [] : [tracking],
      })
      for (const { line, qty } of going) {
        const product = books.products.get(line.product)
        if (product) change(product, { onHand: product.onHand - qty })
      }
      save(
        order,
        order.lines.map(line => {
          const qty = going.find(each => each.line.id === line.id)?.qty ?? 0
          return { ...line, delivered: line.delivered + qty }
        }),
      )
      return String(shipment)
    },
    /** A parcel number that comes later: the shipment's own stamp stands still. */
    addParcel(id: string, tracking: string): void {
      const shipment = books.shipments.get(id)
      if (shipment) books.shipments.put(id, { ...shipment, parcels: [...shipment.parcels, tracking] })
    },
    /** Bills what was shipped and not billed yet, and all services. */
    invoice(id: string): string[] {
      const order = orderOf(id)
      const open = order.lines
        .map(line => ({ line, qty: (isGoods(line) ? line.delivered : line.ordered) - line.invoiced }))
        .filter(({ qty }) => qty > 0)
      if (open.length === 0) return []
      const parts = open.map(({ line, qty }) => {
        const whole = qty === line.ordered
        const net = whole ? line.net : round(divide(multiply(line.net, String(qty)), String(line.ordered)), 2)
        return { net, rate: line.rate }
      })
      const taxes = lineTaxes(parts)
      const invoice = books.next()
      books.invoices.put(invoice, {
        id: invoice,
        updated: books.stamp(),
        documentNo: books.number('R'),
        base: 'ARI',
        order: order.id,
        status: 'CO',
        date: books.day(),
        lines: open.map(({ line, qty }, at) => ({
          orderLine: line,
          qty,
          net: parts[at]?.net ?? '0',
          tax: taxes[at] ?? '0',
        })),
        total: totalOf(parts),
        paid: false,
      })
      save(
        order,
        order.lines.map(line => {
          const qty = open.find(each => each.line.id === line.id)?.qty ?? 0
          return { ...line, invoiced: line.invoiced + qty }
        }),
      )
      return [String(invoice)]
    },
    /** Gives a whole invoice back. */
    credit(id: string): string {
      const invoice = books.invoices.get(id)
      if (!invoice) throw new Error(`The look-alike has no invoice ${id}.`)
      const note = books.next()
      const documentNo = books.number('G')
      books.invoices.put(note, { ...invoice, id: note, base: 'ARC', documentNo, updated: books.stamp() })
      return String(note)
    },
    pay(id: string): void {
      const invoice = books.invoices.get(id)
      if (invoice) books.invoices.put(id, { ...invoice, paid: true, updated: books.stamp() })
    },
    touchInvoice(id: string): void {
      const invoice = books.invoices.get(id)
      if (invoice)
        books.invoices.put(id, { ...invoice, documentNo: `${invoice.documentNo}'`, updated: books.stamp() })
    },
    cancel: (id: string) => void revertOrder(world, id),
    free(sku: string): number {
      const product = productOf(sku)
      const live = books.orders.filter(order => order.status === 'CO').flatMap(order => order.lines)
      const open = live.filter(line => line.product === product.id)
      return product.onHand - Number(sum(open.map(line => String(line.ordered - line.delivered))))
    },
  }
}
