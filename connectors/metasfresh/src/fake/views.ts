import { subtract } from '@linchpin/model'
import { isObject, objects, Refused, texts, type Json } from './answers.ts'
import type { Invoice, Order, Product, Shipment } from './books.ts'
import { taxOf } from './sales.ts'
import type { World } from './world.ts'

type Row = Json & { readonly Updated?: string }

/** POST /processes/{value}/invoke of the processes that answer a view's rows. */
export function invokeProcess(world: World, process: string, body: Json): unknown {
  const name = Object.entries(world.options.processes).find(([, value]) => value === process)?.[0]
  if (name === undefined) throw new Refused(404, `There is no process ${process}`)
  const given = Object.fromEntries(
    objects(body['processParameters']).map(each => [texts(each['name']), texts(each['value'])]),
  )
  const { Limit = '2000', Offset = '0' } = given
  const newestFirst = VIEWS[name as keyof typeof VIEWS](world, given)
  const rows = world.traps.oldestFirst ? newestFirst.toReversed() : newestFirst
  return rows.slice(Number(Offset), Number(Offset) + Number(Limit))
}

type Given = Readonly<Record<string, string>>

const VIEWS = {
  orders: (world: World, given: Given) =>
    chosen(
      world.books.orders.all().map(each => orderRow(world, each)),
      given,
      ['ExternalId', 'Order_ID'],
    ),
  products: (world: World, given: Given) =>
    chosen(
      world.books.products.all().map(each => productRow(world, each)),
      given,
      ['Product_ID'],
    ),
  stock: (world: World, { ProductValue }: Given) =>
    world.books.products
      .filter(each => each.type === 'I' && (ProductValue === undefined || String(each.id) === ProductValue))
      .map(each => stockRow(world, each)),
  shipments: (world: World, given: Given) =>
    chosen(
      world.books.shipments.all().map(each => shipmentRow(world, each)),
      given,
      ['Order_ID'],
    ),
  invoices: (world: World, given: Given) =>
    chosen(
      world.books.invoices.all().map(each => invoiceRow(world, each)),
      given,
      [],
    ),
}

/** The filters are or'ed, and what is not given matches nothing; the newest come first. */
function chosen(rows: readonly Row[], given: Given, keys: readonly string[]): readonly Row[] {
  const since = (given['UpdatedGE'] ?? '9999-01-01 00:00:00').replace(' ', 'T')
  const matches = (row: Row) =>
    texts(row.Updated) >= since || keys.some(key => key in given && texts(row[key]) === given[key])
  return rows
    .filter(matches)
    .toReversed()
    .toSorted((left, right) => texts(right.Updated).localeCompare(texts(left.Updated)))
}

function orderRow({ books }: World, order: Order): Row {
  const partner = books.partners.get(order.partner)
  const invoices = books.invoices.filter(each => each.order === order.id)
  const Updated = [order.updated, ...invoices.map(each => each.updated)].toSorted().at(-1) ?? ''
  return {
    Order_ID: order.id,
    DocumentNo: order.documentNo,
    DocStatus: order.status,
    POReference: order.poReference,
    ExternalId: order.header,
    DateOrdered: `${order.dateOrdered}T00:00:00`,
    Updated,
    Partner_ID: order.partner,
    Partner_Value: partner?.fields['code'] ?? null,
    Partner_Name: partner?.fields['name'] ?? null,
    PaymentTerm: '30 Tage netto',
    Currency: order.currency,
    GrandTotal: Number(order.total),
    DocType: order.docType,
    Lines: order.lines.map(line => {
      const product = books.products.get(line.product)
      return {
        OrderLine_ID: line.id,
        Order_Line: line.line,
        ExternalId: line.externalId,
        Product_ID: line.product,
        Product_Value: product?.value ?? '',
        Product_Name: product?.name ?? '',
        Description: line.description,
        QtyOrdered: line.ordered,
        QtyDelivered: line.delivered,
        QtyInvoiced: line.invoiced,
        PriceActual: Number(line.price),
        LineNetAmt: Number(line.net),
        TaxRate: Number(line.rate),
      }
    }),
    Invoices: invoices.map(each => ({
      Invoice_ID: each.id,
      DocStatus: each.status,
      GrandTotal: Number(each.total),
      IsPaid: each.paid,
    })),
    ...order.own,
  }
}

function productRow({ options }: World, product: Product): Row {
  return {
    Product_ID: product.id,
    Value: product.value,
    Name: product.name,
    Description: null,
    UPC: null,
    UOM: 'PCE',
    ProductType: product.type,
    IsActive: product.active,
    Updated: product.updated,
    TaxCategory: product.category,
    Price: product.type === 'I' ? Number(product.price) : null,
    Currency: options.currency,
    IsTaxIncluded: false,
    ...product.own,
  }
}

function stockRow({ books }: World, product: Product): Row {
  const live = books.orders.filter(order => order.status === 'CO').flatMap(order => order.lines)
  const open = live
    .filter(line => line.product === product.id)
    .reduce((total, line) => total + line.ordered - line.delivered, 0)
  return {
    ProductExternalReference: '',
    Product_ID: product.id,
    QtyOnHandStock: product.onHand,
    QtyToBeShipped: open,
    StorageAttributesKey: '-1002',
    ExternalSystem: '',
  }
}

function shipmentRow({ books }: World, shipment: Shipment): Row {
  const order = books.orders.get(shipment.order)
  return {
    Shipment_ID: shipment.id,
    Shipment_DocumentNo: shipment.documentNo,
    Shipment_Date: `${shipment.date}T00:00:00`,
    DocStatus: shipment.status,
    DocType_Base: 'MMS',
    ExternalId: null,
    Updated: shipment.updated,
    Order_ID: shipment.order,
    Order_POReference: order?.poReference ?? null,
    Lines: shipment.lines.map(line => {
      const product = books.products.get(line.product)
      return {
        LineNo: 10,
        M_InOutLine_ID: line.id,
        Product_ID: line.product,
        ProductValue: product?.value ?? null,
        ProductName: product?.name ?? null,
        QtyEntered: line.qty,
        UOM: 'Stk',
        ExternalId: null,
      }
    }),
    // As the database aggregates: of nothing comes null, no empty list.
    Parcels:
      shipment.parcels.length === 0
        ? null
        : shipment.parcels.map(TrackingNumber => ({ TrackingNumber, TrackingURL: null, Carrier: 'DHL' })),
    Processed: true,
  }
}

function invoiceRow({ books }: World, invoice: Invoice): Row {
  const order = books.orders.get(invoice.order)
  const POReference = order?.poReference ?? null
  return {
    Invoice_ID: invoice.id,
    Invoice_DocumentNo: invoice.documentNo,
    Invoice_Date: `${invoice.date}T00:00:00`,
    DocType_Base: invoice.base,
    DocStatus: invoice.status,
    Updated: invoice.updated,
    Order_POReference: POReference,
    Invoice_Currency_Code: order?.currency ?? 'EUR',
    Invoice_GrandTotal: Number(invoice.total),
    CreditMemo_Reason: null,
    CreditMemo_ReasonText: null,
    Lines: invoice.lines.map(({ orderLine, qty, net, tax }, at) => {
      const product = books.products.get(orderLine.product)
      return {
        Invoice_Line: (at + 1) * 10,
        Invoice_QtyInvoiced: qty,
        Order_POReference: POReference,
        PricePerUnit: Number(orderLine.price),
        NetAmt: Number(net),
        Tax_Percent: Number(orderLine.rate),
        Tax_Amount: Number(tax),
        Product_Name: orderLine.description || (product?.name ?? ''),
        Product_Supplier_ProductNo: product?.value ?? null,
      }
    }),
    ...(isObject(order?.own) ? order.own : {}),
  }
}

/** GET /invoices/sales/paymentstatus/{org}: invoices of these days, without credit memos. */
export function paymentStatus({ books, traps }: World, query: URLSearchParams): unknown {
  const [from, to] = [query.get('startDateIncl') ?? '', query.get('endDateExcl') ?? '']
  const found = books.invoices.filter(each => each.base === 'ARI' && each.date >= from && each.date < to)
  return {
    response: found.map(each => ({
      invoiceId: each.id,
      invoiceDocumentNumber: each.documentNo,
      openAmt: each.paid ? 0 : Number(each.total),
      [traps.paidName]: each.paid,
      currency: 'EUR',
      docStatus: each.status,
    })),
  }
}

/** What an invoice line's tax is: the last of a rate takes the cent that is left. */
export function lineTaxes(lines: readonly { readonly net: string; readonly rate: string }[]): string[] {
  return lines.map((line, at) => {
    const upTo = lines.slice(0, at + 1)
    return subtract(taxOf(upTo, line.rate), taxOf(lines.slice(0, at), line.rate))
  })
}
