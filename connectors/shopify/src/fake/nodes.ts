import type { Books, Order } from './books.ts'
import { productView, variantView } from './catalogue-views.ts'
import { companyView, locationView } from './companies.ts'
import { failure } from './failure.ts'
import { fulfilmentOrderView, fulfilmentView, orderView, refundView, returnView } from './order-views.ts'
import { catalogueView, priceListView } from './price-lists.ts'
import { customerView } from './people.ts'

/** Records by their ids, in the order of the ids; null for one that is not there. */
export function nodeFields(books: Books) {
  const finders: Readonly<Record<string, (id: string) => object | null>> = {
    Order: id => view(books.orders.get(id), row => orderView(books, row)),
    Product: id => view(books.products.get(id), row => productView(books, row)),
    ProductVariant: id => view(books.variants.get(id), row => variantView(books, row)),
    CompanyLocation: id => view(books.companyLocations.get(id), row => locationView(books, row)),
    Company: id => view(books.companies.get(id), row => companyView(books, row)),
    CompanyLocationCatalog: id =>
      view(
        books.priceLists.find(({ catalogue }) => catalogue?.id === id),
        row => catalogueView(books, row) ?? {},
      ),
    PriceList: id => view(books.priceLists.get(id), row => priceListView(books, row)),
    Customer: id => view(books.customers.get(id), customerView),
    Return: id => ofOrder(books, id, order => order.returns, returnView),
    Refund: id => ofOrder(books, id, order => order.refunds, refundView),
    Fulfillment: id => ofOrder(books, id, order => order.fulfilments, fulfilmentView),
    FulfillmentOrder: id => ofOrder(books, id, order => order.fulfilmentOrders, fulfilmentOrderView),
  }
  const find = (gid: string) => {
    const [, type = '', id = ''] = /^gid:\/\/shopify\/(\w+)\/(\d+)$/.exec(gid) ?? []
    // One that cannot be an id spoils the whole answer.
    if (type === '') throw failure('RESOURCE_NOT_FOUND', `Invalid global id '${gid}'`)
    return finders[type]?.(id) ?? null
  }
  return {
    nodes: ({ ids }: { readonly ids: readonly string[] }) => {
      if (ids.length > 250)
        throw failure('BAD_REQUEST', 'The input array size is greater than the maximum allowed 250.')
      return ids.map(find)
    },
    node: ({ id }: { readonly id: string }) => find(id),
  }
}

function ofOrder<Part extends { readonly id: string }>(
  books: Books,
  id: string,
  partsOf: (order: Order) => readonly Part[],
  show: (books: Books, order: Order, part: Part) => object,
): object | null {
  const isIt = (part: Part) => part.id === id
  const order = books.orders.find(each => partsOf(each).some(isIt))
  const part = order && partsOf(order).find(isIt)
  return part ? show(books, order, part) : null
}

function view<Row>(row: Row | undefined, show: (row: Row) => object): object | null {
  return row === undefined ? null : show(row)
}
