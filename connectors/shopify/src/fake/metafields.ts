import { contentHash } from '@linchpin/model'
import type { Books, Metafield } from './books.ts'
import { answered, refuse } from './failure.ts'
import { connection, gidOf, idIn } from './lists.ts'

interface Given {
  readonly ownerId: string
  readonly namespace: string
  readonly key: string
  readonly type: string
  readonly value: string
  /** Left out: whatever is there. Null: nothing is. */
  readonly compareDigest?: string | null
}
type Owner = { readonly id: string; readonly updatedAt: string; readonly metafields: readonly Metafield[] }
type Table = { get(id: string): Owner | undefined; put(id: string, row: never): unknown }

export function metafieldFields(books: Books) {
  return {
    metafieldsSet: ({ metafields }: { readonly metafields: readonly Given[] }) => setAll(books, metafields),
  }
}

/** All of them or none, as Shopify does it. Setting one moves its owner's stamp. */
function setAll(books: Books, metafields: readonly Given[]): object {
  return answered(() => {
    if (metafields.length > 25)
      refuse(['metafields'], 'Exceeded the maximum metafields input limit of 25.', 'LESS_THAN_OR_EQUAL_TO')
    for (const [at, each] of metafields.entries()) check(books, each, ['metafields', String(at)])
    return { metafields: metafields.flatMap(each => setOne(books, each)) }
  })
}

function check(books: Books, given: Given, field: readonly string[]): void {
  const { ownerId, type, value } = given
  const owner = ownerOf(books, ownerId)?.owner
  if (!owner) return refuse([...field, 'ownerId'], 'Owner does not exist.', 'INVALID')
  const there = owner.metafields.find(each => each.namespace === given.namespace && each.key === given.key)
  if (given.compareDigest !== undefined && given.compareDigest !== (there ? digestOf(there) : null))
    refuse(
      field,
      'The resource has been updated since it was loaded. Try again with an updated digest.',
      'STALE_OBJECT',
    )
  if (value === '') refuse([...field, 'value'], "Value can't be blank.", 'BLANK')
  if (type === 'single_line_text_field' && /[\r\n]/.test(value))
    refuse([...field, 'value'], 'Value must be a single line text string.', 'INVALID_VALUE')
  if (type === 'json') {
    try {
      JSON.parse(value)
    } catch {
      refuse([...field, 'value'], 'Value is invalid JSON.', 'INVALID_VALUE')
    }
  }
}

function setOne(books: Books, { ownerId, namespace, key, type, value }: Given): readonly object[] {
  const found = ownerOf(books, ownerId)
  if (!found) return []
  const { table, owner } = found
  const others = owner.metafields.filter(each => each.namespace !== namespace || each.key !== key)
  const metafield = { id: books.next('metafield'), namespace, key, type, value }
  table.put(owner.id, { ...owner, updatedAt: books.stamp(), metafields: [...others, metafield] } as never)
  return [view(metafield)]
}

function ownerOf(books: Books, ownerId: string) {
  const tables: Readonly<Record<string, Table>> = {
    Order: books.orders,
    CompanyLocation: books.companyLocations,
    Customer: books.customers,
    Product: books.products,
    ProductVariant: books.variants,
  }
  for (const [type, table] of Object.entries(tables)) {
    const owner = table.get(idIn(type, ownerId))
    if (owner) return { table, owner }
  }
  return null
}

const digestOf = ({ value }: Metafield): string => contentHash(value)

const view = (each: Metafield) => ({
  ...each,
  __typename: 'Metafield',
  id: gidOf('Metafield', each.id),
  compareDigest: digestOf(each),
})

/** The fields by which a record shows its metafields. */
export function metafieldsOf({ metafields }: { readonly metafields: readonly Metafield[] }) {
  return {
    metafield: ({ namespace, key }: { readonly namespace: string; readonly key: string }) => {
      const found = metafields.find(each => each.namespace === namespace && each.key === key)
      return found ? view(found) : null
    },
    metafields: (args: { readonly namespace?: string; readonly first?: number }) =>
      connection(
        metafields
          .filter(each => args.namespace === undefined || each.namespace === args.namespace)
          .map(view),
        args,
      ),
  }
}
