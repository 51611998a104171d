import type { MappingDetail, MappingDifference, MappingHead, MappingPreview, SeenValues } from '@linchpin/api'
import { ago, shown, table } from '../output.ts'

export function listInWords(mappings: readonly MappingHead[], now: number): string {
  const rows = mappings.map(each => [
    each.name,
    each.does === 'read' ? `reads ${each.entity} of ${each.from}` : `writes ${each.entity} into ${each.to}`,
    String(each.live.version),
    each.live.at === null ? '' : ago(each.live.at, now),
    each.live.who,
    each.live.why,
  ])
  return table(['MAPPING', 'WHAT IT DOES', 'VERSION', 'SINCE', 'WHO', 'WHY'], rows)
}

export function mappingInWords(of: MappingDetail, now: number): string {
  const { fields = {}, tables = {} } = of.mapping
  const own = Object.entries(fields).map(([field, expression]) => [field, shown(expression)])
  const base = of.base.map(({ field, words }) => [field, words])
  const rows = Object.entries(of.tables).flatMap(([name, values]) =>
    Object.entries(values).map(([from, to]) => [
      name,
      from,
      shown(to),
      tables[name]?.[from] === undefined ? '' : 'yours',
    ]),
  )
  const versions = of.versions.map(each => [
    each.version === of.live.version ? `${each.version} (live)` : String(each.version),
    each.at === null ? '' : ago(each.at, now),
    each.who,
    each.why,
  ])
  return [
    own.length === 0 ? 'No field is yours.' : table(['YOUR FIELD', 'COMES FROM'], own),
    table(["THE CONNECTOR'S FIELD", 'COMES FROM'], base),
    table(['TABLE', 'VALUE', 'BECOMES', ''], rows),
    table(['VERSION', 'SINCE', 'WHO', 'WHY'], versions),
  ]
    .filter(text => text !== '')
    .join('\n\n')
}

export function previewInWords({ faults, record, fields, problems, waits }: MappingPreview): string {
  if (record === null) return 'No record of it has been read yet.'
  const rows = fields.map(each => [
    each.field,
    each.layer === 'connector' ? '' : 'yours',
    each.problem === null ? shown(each.outcome) : '!',
    each.words,
  ])
  const wrong = [...faults.map(({ field, words }) => `${field}: ${words}`), ...problems]
  return [
    `Record ${record.label ?? record.id}`,
    table(['FIELD', '', 'BECOMES', 'FROM'], rows),
    waits.length === 0 ? '' : `It would first link ${waits.join(', ')}.`,
    wrong.length === 0 ? 'It is taken as it is.' : `Wrong:\n${wrong.join('\n')}`,
  ]
    .filter(text => text !== '')
    .join('\n\n')
}

export function differenceInWords({ faults, looked, mended, broken, records }: MappingDifference): string {
  const rows = records.flatMap(({ id, label, fields, before, after }) => [
    ...fields.map(each => [label ?? id, each.field, shown(each.before), shown(each.after)]),
    ...(before.join() === after.join()
      ? []
      : [[label ?? id, 'problem', before.join(' '), after.join(' ') || 'none']]),
  ])
  const wrong = faults.map(({ field, words }) => `${field}: ${words}`).join('\n')
  const counts = `${records.length} of ${looked} captured records would differ; ${mended} could be carried that cannot now, ${broken} could not any more.`
  return [wrong, counts, table(['RECORD', 'FIELD', 'NOW', 'THEN'], rows)]
    .filter(text => text !== '')
    .join('\n\n')
}

export function valuesInWords(tables: SeenValues['tables']): string {
  const rows = tables.flatMap(({ table: name, values }) =>
    values.map(each => [
      name,
      each.value,
      each.has ? '' : 'lacks it',
      String(each.count),
      each.parked === 0 ? '' : `${each.parked} parked`,
    ]),
  )
  return rows.length === 0
    ? 'Its tables were asked for nothing by the records that were read.'
    : table(['TABLE', 'VALUE', '', 'RECORDS', 'OF THESE'], rows)
}

export const changeInWords = (name: string, version: number) =>
  `Version ${version} of ${name} is live. It counts for what is read or written from now on; for what is there already: linchpin plan, or linchpin mapping retry for what is parked.`
