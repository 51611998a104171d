import type { MappingDetail } from '@linchpin/api'
import { useState } from 'react'

export type Own = MappingDetail['mapping']

/** A mapping that is being written: nothing of it counts before it is saved. */
export interface Draft {
  readonly own: Own
  readonly changed: boolean
  /** An expression; null leaves the connector's field out; undefined takes ours away again. */
  readonly setField: (field: string, expression: unknown) => void
  /** undefined takes our row away again. */
  readonly setValue: (table: string, value: string, becomes: unknown) => void
  readonly begin: (own: Own) => void
}

/** Begins with what is live; somebody's half-written draft is not overwritten when others save theirs. */
export function useDraft(live: Own): Draft {
  const [own, begin] = useState(live)
  return {
    own,
    changed: JSON.stringify(own) !== JSON.stringify(live),
    begin,
    setField: (field, expression) =>
      begin(without({ ...own, fields: { ...own.fields, [field]: expression } })),
    setValue: (table, value, becomes) =>
      begin(
        without({ ...own, tables: { ...own.tables, [table]: { ...own.tables?.[table], [value]: becomes } } }),
      ),
  }
}

/** Empty parts are no parts: the same mapping is the same text. */
function without({ fields, tables }: Own): Own {
  const kept = Object.fromEntries(Object.entries(fields ?? {}).filter(([, each]) => each !== undefined))
  type Row = readonly [string, Record<string, unknown> | null]
  const rows = Object.entries(tables ?? {}).flatMap(([name, table]): readonly Row[] => {
    if (table === null) return [[name, null]]
    const left = Object.fromEntries(Object.entries(table).filter(([, each]) => each !== undefined))
    return Object.keys(left).length === 0 ? [] : [[name, left]]
  })
  return {
    ...(Object.keys(kept).length > 0 ? { fields: kept } : {}),
    ...(rows.length > 0 ? { tables: Object.fromEntries(rows) } : {}),
  }
}
