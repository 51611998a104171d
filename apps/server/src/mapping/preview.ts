import type { MappingPreview } from '@linchpin/api'
import type { Explanation } from '@linchpin/mapping'
import type { Captured } from '@linchpin/store'
import { shownLabel } from '../desk/head.ts'
import { masked, withoutMail } from '../desk/mask.ts'
import { shownWords } from '../desk/words.ts'
import type { Linchpin } from '../linchpin.ts'
import { readOwn } from './faults.ts'
import { hiddenIn, shownOutcome } from './outcome.ts'
import { shownAt } from './shown.ts'
import { liveOwn, type Site } from './site.ts'
import { compiledOwn, recordsFor, tried } from './try.ts'

/** What a mapping would make of one captured record. */
export async function previewAnswer(
  linchpin: Linchpin,
  site: Site,
  { mapping: given, id }: { readonly mapping?: unknown; readonly id?: string | undefined },
): Promise<MappingPreview> {
  const { own, faults } = readOwn(site, given ?? liveOwn(linchpin.setup, site))
  const [record] = await recordsFor(linchpin, site, { limit: 1, ...(id === undefined ? {} : { ids: [id] }) })
  const compiled = own && compiledOwn(site, own)
  const none = { faults: [...faults], fields: [], result: null, problems: [], waits: [] }
  if (!record) return { ...none, record: null, source: null }
  const about = { record: headOf(record), source: masked(sourceOf(site, record), site.entity) }
  const trial = compiled && (await tried(linchpin, site, compiled, record))
  if (!trial)
    return {
      ...none,
      ...about,
      problems: record.problem === null ? [] : [shownWords(record.problem, site.entity)],
    }
  const { explanation, problems } = trial
  return {
    ...about,
    faults: [...faults],
    fields: explanation.fields.map(each => fieldOf(each, site)),
    result: resultOf(explanation, site),
    problems: problems.map(words => shownWords(words, site.entity)),
    waits: explanation.missing.map(({ entity, id: of }) => withoutMail(`${entity} ${of}`)),
  }
}

export const headOf = ({ entity, id, label, parked, problem }: Captured) => ({
  id,
  label: shownLabel({ entity, id }, label),
  parked: parked !== null,
  problem: problem && shownWords(problem, entity),
})

const sourceOf = ({ does }: Site, { row, canonical }: Captured) => (does === 'read' ? row : canonical)

const resultOf = ({ value, fields }: Explanation, { entity }: Site) =>
  fields.reduce((so, { field, reads }) => hiddenIn(so, field, reads, entity), masked(value ?? null, entity))

function fieldOf(
  { field, layer, words, reads, outcome, problem }: Explanation['fields'][number],
  { entity }: Site,
) {
  return {
    field,
    layer,
    words,
    reads: reads.map(({ path, values }) => ({
      path,
      values: values.map(value => shownAt(path, value, entity)),
    })),
    outcome: shownOutcome(field, outcome, reads, entity),
    problem: problem && shownWords(problem, entity),
  }
}
