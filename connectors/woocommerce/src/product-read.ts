import type { Cursor, Page, Snapshot } from '@linchpin/connector'
import { changed, sortable } from './changes.ts'
import { list, type Session } from './client.ts'
import { inChunks, numberOf } from './ids.ts'
import type { RawProduct, Sellable } from './product-row.ts'
import { instantOf } from './wire.ts'

/**
 * What changed among all that can be sold. A change of a variation moves its parent's stamp as well, and a change of
 * the parent (its name, say) is one of every variation, so the products are swept and variable ones are opened up.
 */
export async function changedSellables<Row extends object>(
  session: Session,
  after: Cursor | null,
  limit: number,
  rowOf: (sellable: Sellable) => Promise<Row>,
  snapshot: (row: Row, id: string) => Snapshot<Row>,
  has: (sellable: Sellable) => boolean = () => true,
): Promise<Page<Row>> {
  const shaped = new Map<object, Row>()
  const page = await changed<Sellable>({
    session,
    after,
    limit,
    sources: [{}, { status: 'trash' }].map(query => ({
      path: '/products',
      query,
      stampOf: raw => instantOf((raw as RawProduct).date_modified_gmt),
      rows: async raws => {
        const sellables = (await opened(session, raws as RawProduct[])).filter(has)
        for (const sellable of sellables) shaped.set(sellable, await rowOf(sellable))
        return sellables
      },
    })),
    position: ({ id, stamp }) => ({
      stamp,
      id: id
        .split('/')
        .map(part => sortable(Number(part)))
        .join('/'),
    }),
    snapshot: sellable => {
      const { version } = snapshot(shaped.get(sellable) as Row, sellable.id)
      return { id: sellable.id, version, row: sellable }
    },
    isGone: ({ raw }) => raw.status === 'trash',
  })
  return {
    ...page,
    items: page.items.map(item => ('row' in item ? snapshot(shaped.get(item.row) as Row, item.id) : item)),
  }
}

/** These sellables as they are now; what lies in the trash, or is a parent, is left out. */
export async function readSellables(session: Session, ids: readonly string[]): Promise<Sellable[]> {
  const paths = ids.flatMap(id => {
    const parts = id.split('/').map(numberOf)
    return parts.length > 2 || parts.includes(null) ? [] : [{ id, parts: parts as number[] }]
  })
  const products = await readProducts(session, [...new Set(paths.map(({ parts }) => parts[0] ?? 0))])
  const found: Sellable[] = []
  for (const product of products.values()) {
    const wanted = paths.filter(({ parts }) => parts[0] === product.id)
    if (wanted.some(({ parts }) => parts.length === 1) && product.type !== 'variable')
      found.push(sellable(product, null))
    const variations = wanted.flatMap(({ parts }) => parts[1] ?? [])
    for (const chunk of inChunks(variations))
      for (const raw of await list<RawProduct>(session, `/products/${product.id}/variations`, {
        include: chunk.join(','),
        per_page: 100,
      }))
        found.push(sellable(raw, product))
  }
  return found
}

export async function readProducts(
  session: Session,
  ids: readonly number[],
): Promise<Map<number, RawProduct>> {
  const products = new Map<number, RawProduct>()
  for (const chunk of inChunks(ids))
    for (const raw of await list<RawProduct>(session, '/products', {
      include: chunk.join(','),
      per_page: 100,
    }))
      products.set(raw.id, raw)
  return products
}

async function opened(session: Session, products: readonly RawProduct[]): Promise<Sellable[]> {
  const sellables: Sellable[] = []
  for (const product of products) {
    if (product.type !== 'variable') sellables.push(sellable(product, null))
    else
      for (const variation of await variationsOf(session, product.id))
        sellables.push(sellable(variation, product))
  }
  return sellables
}

async function variationsOf(session: Session, parent: number): Promise<RawProduct[]> {
  const found: RawProduct[] = []
  for (let page = 1; ; page += 1) {
    const raws = await list<RawProduct>(session, `/products/${parent}/variations`, {
      per_page: 100,
      page,
      orderby: 'id',
      order: 'asc',
    })
    found.push(...raws)
    if (raws.length < 100) return found
  }
}

export function sellable(raw: RawProduct, parent: RawProduct | null): Sellable {
  return {
    id: parent ? `${parent.id}/${raw.id}` : String(raw.id),
    raw,
    parent,
    stamp: instantOf((parent ?? raw).date_modified_gmt),
  }
}
