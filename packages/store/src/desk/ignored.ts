import { OF_FIELDS } from '../comparisons.ts'
import { at, ring, type Db, type Query } from '../db.ts'

/** A field that comparisons of a flow leave out. */
export interface IgnoredKey {
  readonly flow: string
  readonly field: string
  /** A record of the flow's source; null: in all of them. */
  readonly id: string | null
}

export interface IgnoredField extends IgnoredKey {
  readonly since: number
  readonly who: string
  readonly why: string
}

export async function ignoredFields(db: Db): Promise<readonly IgnoredField[]> {
  return db.query<IgnoredField>(
    'ignored-fields',
    `select flow, field, nullif(record, '') id, since, who, why from ignored_field order by flow, field, record`,
  )
}

/** From now on; said again, it is since then and for that reason. What was found wrong only for it is wrong no more. */
export async function ignoreField(db: Db, said: Omit<IgnoredField, 'since'>, now: number): Promise<void> {
  const { flow, field, id, who, why } = said
  await db.transaction(async query => {
    // A page of a comparison that is being kept comes before this, and is seen, or after it, and sees this.
    await query('ignore-between', 'select from comparison where flow = $1 for update', [flow])
    await query(
      'ignore-field',
      `insert into ignored_field (flow, field, record, since, who, why) values ($1, $2, $3, $4, $5, $6)
       on conflict (flow, field, record) do update set since = excluded.since, who = excluded.who, why = excluded.why`,
      [flow, field, id ?? '', at(now), who, why],
    )
    await forgetDifference(query, said)
    await ring(query, ['live'])
  })
}

async function forgetDifference(query: Query, { flow, field, id }: IgnoredKey): Promise<void> {
  await query(
    'forget-difference',
    `update discrepancy set detail = jsonb_set(detail, '{fields}',
       (select coalesce(jsonb_agg(f order by n), '[]')
        from jsonb_array_elements(detail->'fields') with ordinality e(f, n) where f->>'field' <> $2))
     where flow = $1 and side = 'source' and kind = any($4)
       and ($3::text is null or id = $3)
       and detail->'fields' @> jsonb_build_array(jsonb_build_object('field', $2::text))`,
    [flow, field, id, OF_FIELDS],
  )
  await query(
    'forget-differences',
    `delete from discrepancy where flow = $1 and side = 'source' and kind = any($2)
       and detail->'fields' = '[]'`,
    [flow, OF_FIELDS],
  )
}

/** It counts again, from the next comparison on. False: it was not ignored. */
export async function endIgnoring(db: Db, { flow, field, id }: IgnoredKey): Promise<boolean> {
  return db.transaction(async query => {
    const ended = await query<{ flow: string }>(
      'end-ignoring',
      'delete from ignored_field where flow = $1 and field = $2 and record = $3 returning flow',
      [flow, field, id ?? ''],
    )
    await ring(query, ['live'])
    return ended.length > 0
  })
}
