import type { Db, Query } from './db.ts'
import { endsOf } from './links.ts'
import type { Delivery, Hint, NewLink } from './store.ts'

/**
 * What the shops' orders take from a product of this connection, and its stock figure does not show yet: orders that
 * are on their way to it (or parked), and those that arrived there after the figure was read.
 */
export async function openDemand(db: Db, connection: string, product: string): Promise<string> {
  const [row] = await db.query<{ quantity: string }>(
    'open-demand',
    `with here as (
       select case when left_connection = $1 then right_connection else left_connection end shop,
              case when left_connection = $1 then right_id else left_id end product
       from link where entity = 'Product'
         and ((left_connection = $1 and left_id = $2) or (right_connection = $1 and right_id = $2)))
     select coalesce(sum(d.quantity), 0)::text quantity
     from here h join demand d on d.connection = h.shop and d.product = h.product
     join delivery o on o.entity = 'SalesOrder' and o.from_connection = d.connection and o.id = d.order_id
       and o.to_connection = $1 and o.state <> 'skipped'
     where not exists (
       select 1 from link l join record s on s.connection = $1 and s.entity = 'StockLevel' and s.id = $2
       where l.entity = 'SalesOrder' and l.at < s.read_at and (
         (l.left_connection = $1 and l.right_connection = d.connection and l.right_id = d.order_id)
         or (l.right_connection = $1 and l.left_connection = d.connection and l.left_id = d.order_id)))`,
    [connection, product],
  )
  return row?.quantity ?? '0'
}

/**
 * Orders that are on their way to a system which has just learned, by these links, which of its articles they take: until
 * then nobody could count them there.
 */
export async function ordersThatTake(
  query: Query,
  links: readonly Omit<NewLink, 'how' | 'flow' | 'alias'>[],
): Promise<readonly Pick<Delivery, 'from' | 'id' | 'to'>[]> {
  const products = links.filter(({ entity }) => entity === 'Product').flatMap(endsOf)
  if (products.length === 0) return []
  return query(
    'orders-that-take',
    `select distinct d.connection "from", d.order_id id, p."to"
     from jsonb_to_recordset($1::jsonb) p(connection text, id text, "to" text)
     join demand d on d.connection = p.connection and d.product = p.id
     join delivery o on o.entity = 'SalesOrder' and o.from_connection = d.connection and o.id = d.order_id
       and o.to_connection = p."to" and o.state not in ('done', 'skipped')
     order by 1, 2, 3`,
    [JSON.stringify(products)],
  )
}

/** How long the target's own figures take to show an order that it was just given. */
const BOOKED_AFTER_MS = 5_000

/**
 * The stock figures that these orders take from, to be read and published anew: a figure that was read before an order
 * arrived would else hold the order's pieces back until somebody happens to count the stock. One that is being read for
 * the first time at this very moment is not here yet, and hinted at all the same.
 */
export async function stockHints(
  query: Query,
  orders: readonly Pick<Delivery, 'from' | 'id' | 'to'>[],
  now: number,
): Promise<readonly Hint[]> {
  if (orders.length === 0) return []
  const rows = await query<{ connection: string; id: string }>(
    'stock-hints',
    `with o as materialized (select * from jsonb_to_recordset($1::jsonb) o("from" text, id text, "to" text))
     select distinct o."to" connection, p.id from o
     join demand d on d.connection = o."from" and d.order_id = o.id
     cross join lateral (
       select l.right_id id from link l where l.entity = 'Product' and l.left_connection = o."from"
         and l.right_connection = o."to" and l.left_id = d.product
       union all
       select l.left_id from link l where l.entity = 'Product' and l.left_connection = o."to"
         and l.right_connection = o."from" and l.right_id = d.product) p
     left join record s on s.connection = o."to" and s.entity = 'StockLevel' and s.id = p.id
     where s.gone_at is null and (s.id is not null or exists (
       select 1 from poll p where p.connection = o."to" and p.entity = 'StockLevel'))
     order by 1, 2`,
    [JSON.stringify(orders.map(({ from, id, to }) => ({ from, id, to })))],
  )
  const hint = { entity: 'StockLevel', cause: 'stock', force: true, at: now + BOOKED_AFTER_MS } as const
  return rows.map(row => ({ ...hint, ...row }))
}
