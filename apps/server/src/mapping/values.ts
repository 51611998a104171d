import type { SeenValues } from '@linchpin/api'
import { explainMapping, lookupsOf, type CompiledMapping } from '@linchpin/mapping'
import type { Linchpin } from '../linchpin.ts'
import { shownOutcome } from './outcome.ts'
import { liveOwn, layered, type Site } from './site.ts'
import { compiledOwn, recordsFor } from './try.ts'

const LOOKED = 1_000
const MOST_IDS = 200

type Value = SeenValues['tables'][number]['values'][number]

/** What the tables of a mapping were asked for by the records that were read: what they lack first. */
export async function valuesAnswer(linchpin: Linchpin, site: Site, revealed: boolean): Promise<SeenValues> {
  const own = liveOwn(linchpin.setup, site)
  const compiled = compiledOwn(site, own)
  if (!compiled) return { tables: [] }
  const tables = new Map<string, { fields: Set<string>; values: Map<string, Value> }>()
  for (const table of Object.keys(layered(site, own).tables ?? {}))
    tables.set(table, { fields: new Set(), values: new Map() })
  for (const record of await recordsFor(linchpin, site, { limit: LOOKED })) {
    const source = site.does === 'read' ? record.row : record.canonical
    const asked = source === null ? [] : lookupsOf(compiled, source, { link: () => null })
    const told = new Set<string>()
    const reads = revealed || asked.length === 0 ? null : readsOf(compiled, source)
    for (const { table, field, value: given, has } of asked) {
      const value =
        reads === null ? given : String(shownOutcome('value', given, reads.get(field) ?? [], site.entity))
      const of = tables.get(table) ?? { fields: new Set<string>(), values: new Map<string, Value>() }
      tables.set(table, of)
      of.fields.add(field)
      if (told.has(`${table} ${value}`)) continue
      told.add(`${table} ${value}`)
      const seen = of.values.get(value) ?? { value, count: 0, parked: 0, has, ids: [] }
      of.values.set(value, seen)
      seen.count += 1
      if (record.parked !== null) seen.parked += 1
      if (seen.ids.length < MOST_IDS) seen.ids.push(record.id)
    }
  }
  return {
    tables: [...tables].map(([table, { fields, values }]) => ({
      table,
      fields: [...fields],
      values: [...values.values()].toSorted(lackingFirst),
    })),
  }
}

/** A table can be asked for anything, also for somebody's name: judged by what its field looks at. */
const readsOf = (compiled: CompiledMapping, source: unknown) =>
  new Map(
    explainMapping(compiled, source, { link: () => null }).fields.map(({ field, reads }) => [field, reads]),
  )

const lackingFirst = (left: Value, right: Value) =>
  Number(left.has) - Number(right.has) || right.parked - left.parked || right.count - left.count
