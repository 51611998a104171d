import type { Cursor, Entity, Page, Snapshot } from '@linchpin/connector'
import { contentHash, sum, subtract } from '@linchpin/model'
import { z } from 'zod'
import type { Session } from './client.ts'
import { figure } from './fields.ts'
import { isOwnId } from './identifiers.ts'
import { invoke } from './process.ts'

/** available_for_sales_json_v has one row for each product and set of storage attributes. */
const raw = z.looseObject({
  Product_ID: z.int(),
  QtyOnHandStock: figure.nullish(),
  QtyToBeShipped: figure.nullish(),
})
type Raw = z.infer<typeof raw>

/** All of one product: what may be promised is what is there less what is to be shipped already. */
const stockRow = z.looseObject({
  Product_ID: z.string(),
  QtyOnHandStock: z.string(),
  QtyToBeShipped: z.string(),
  Available: z.string(),
  /** The rows that these sums were made of, with all their columns. */
  Rows: z.array(raw),
})
type StockRow = z.infer<typeof stockRow>

function snapshotsOf(rows: readonly Raw[]): Snapshot<StockRow>[] {
  const products = [...new Set(rows.map(row => row.Product_ID))].toSorted((left, right) => left - right)
  return products.map(product => {
    const Rows = rows
      .filter(row => row.Product_ID === product)
      .toSorted((left, right) => (contentHash(left) < contentHash(right) ? -1 : 1))
    const QtyOnHandStock = sum(Rows.map(row => String(row.QtyOnHandStock ?? 0)))
    const QtyToBeShipped = sum(Rows.map(row => String(row.QtyToBeShipped ?? 0)))
    const Available = subtract(QtyOnHandStock, QtyToBeShipped)
    const row = { Product_ID: String(product), QtyOnHandStock, QtyToBeShipped, Available, Rows }
    return { id: row.Product_ID, version: contentHash(row), row }
  })
}

/** The most that the process answers at once, and so the step in which the whole list is read. */
const MOST = 2000

async function everything(session: Session): Promise<readonly Raw[]> {
  const rows: Raw[] = []
  for (let more = true; more;) {
    const part = await invoke(session, 'stock', raw, { Limit: MOST, Offset: rows.length })
    rows.push(...part)
    more = part.length === MOST
  }
  return rows
}

/**
 * There is no stamp: every sweep tells the whole list, and what did not change is known by its version. A product's
 * rows may stand far apart in it, so the list is read whole at the first page of a sweep and kept for the others.
 */
async function changes(session: Session, after: Cursor | null, limit: number): Promise<Page<StockRow>> {
  const behind = Number(after ?? '0')
  const all = (await listFor(session, behind)).filter(({ id }) => Number(id) > behind)
  const items = all.slice(0, limit)
  const more = all.length > limit
  return { items, next: more ? (items.at(-1)?.id ?? '0') : '0', more }
}

async function listFor(session: Session, behind: number): Promise<readonly Snapshot<StockRow>[]> {
  const { kept, io } = session
  const held = kept.stock
  if (behind > 0 && held !== null && io.now() - held.at < FRESH_MS)
    return held.list as readonly Snapshot<StockRow>[]
  const list = snapshotsOf(await everything(session))
  kept.stock = { at: io.now(), list }
  return list
}

/** A sweep that takes longer goes on with newer figures. */
const FRESH_MS = 60_000

/** A process of an older version does not know ProductValue and answers everything. */
async function get(session: Session, ids: readonly string[]): Promise<readonly Snapshot<StockRow>[]> {
  const found: Snapshot<StockRow>[] = []
  for (const id of ids.filter(isOwnId)) {
    const rows = await invoke(session, 'stock', raw, { ProductValue: id, Limit: MOST, Offset: 0 })
    found.push(...snapshotsOf(rows.filter(row => String(row.Product_ID) === id)))
  }
  return found
}

export const stock: Entity<Session, 'StockLevel', StockRow> = {
  schema: stockRow,
  mapping: {
    from: 'metasfresh.StockLevel',
    to: 'StockLevel',
    fields: {
      id: 'Product_ID',
      product: 'Product_ID',
      onHand: 'QtyOnHandStock',
      reserved: 'QtyToBeShipped',
      available: 'Available',
    },
  },
  changes,
  get,
}
