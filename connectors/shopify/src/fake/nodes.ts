import type { Books } from './books.ts'
import { variantView } from './catalogue-views.ts'
import { locationView } from './companies.ts'
import { failure } from './failure.ts'
import { orderView, returnView } from './order-views.ts'
import { priceListView } from './price-lists.ts'
import { customerView } from './people.ts'

/** Records by their ids, in the order of the ids; null for one that is not there. */
export function nodeFields(books: Books) {
  const finders: Readonly<Record<string, (id: string) => object | null>> = {
    Order: id => view(books.orders.get(id), row => orderView(books, row)),
    ProductVariant: id => view(books.variants.get(id), row => variantView(books, row)),
    CompanyLocation: id => view(books.companyLocations.get(id), row => locationView(books, row)),
    PriceList: id => view(books.priceLists.get(id), row => priceListView(books, row)),
    Customer: id => view(books.customers.get(id), customerView),
    Return: id => {
      const order = books.orders.find(({ returns }) => returns.some(each => each.id === id))
      return order
        ? view(
            order.returns.find(each => each.id === id),
            row => returnView(books, order, row),
          )
        : null
    },
  }
  return {
    nodes: ({ ids }: { readonly ids: readonly string[] }) => {
      if (ids.length > 250)
        throw failure('BAD_REQUEST', 'The input array size is greater than the maximum allowed 250.')
      return ids.map(gid => {
        const [, type = '', id = ''] = /^gid:\/\/shopify\/(\w+)\/(\d+)$/.exec(gid) ?? []
        // One that cannot be an id spoils the whole answer.
        if (type === '') throw failure('RESOURCE_NOT_FOUND', `Invalid global id '${gid}'`)
        return finders[type]?.(id) ?? null
      })
    },
  }
}

function view<Row>(row: Row | undefined, show: (row: Row) => object): object | null {
  return row === undefined ? null : show(row)
}
