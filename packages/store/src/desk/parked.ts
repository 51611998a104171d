import { at, type Db } from '../db.ts'
import type { ParkedDelivery } from '../store.ts'
import { DELIVERY_COLUMNS, deliveryState, type DeliveryStateRow } from '../trace.ts'
import { CAUSE } from './causes.ts'

export interface ParkedFilter {
  readonly flow: string | null
  readonly cause: string | null
  readonly limit: number
  /** The last one that was seen; null: from the beginning. */
  readonly after: { readonly parkedAt: number; readonly flow: string; readonly id: string } | null
}

/** Parked deliveries, oldest first, page by page. */
export async function parkedPage(
  db: Db,
  { flow, cause, limit, after }: ParkedFilter,
): Promise<readonly (ParkedDelivery & { readonly cause: string })[]> {
  const rows = await db.query<
    DeliveryStateRow & {
      parked_at: number
      worth: string | null
      currency: string | null
      intent: string | null
      label: string | null
      cause: string
    }
  >(
    'parked-page',
    `select ${DELIVERY_COLUMNS}, d.parked_at, d.worth::text worth, d.currency, d.intent, ${CAUSE} cause,
       (select value from reference r where r.connection = d.from_connection and r.entity = d.entity and r.id = d.id
        order by (r.kind = 'number') desc, r.kind, r.value limit 1) label
     from delivery d where d.state = 'parked' and ($1::text is null or d.flow = $1)
       and ($2::text is null or ${CAUSE} = $2)
       and ($3::timestamptz is null or (d.parked_at, d.flow, d.id) > ($3, $4::text, $5::text))
     order by d.parked_at, d.flow, d.id limit $6`,
    [flow, cause, after === null ? null : at(after.parkedAt), after?.flow ?? null, after?.id ?? null, limit],
  )
  return rows.map(row => ({
    ...deliveryState(row),
    parkedAt: row.parked_at,
    worth: row.worth === null || row.currency === null ? null : { amount: row.worth, currency: row.currency },
    label: row.label,
    unknown: row.intent !== null,
    cause: row.cause,
  }))
}

/** How some deliveries stand, to follow what was asked of them. */
export async function statesOf(
  db: Db,
  flow: string,
  ids: readonly string[],
): Promise<readonly { readonly state: string; readonly count: number }[]> {
  return db.query(
    'states-of',
    'select state, count(*)::int count from delivery where flow = $1 and id = any($2::text[]) group by state',
    [flow, ids],
  )
}
