import { changesBetween, type MappingDifference } from '@linchpin/api'
import type { Trial } from '@linchpin/engine'
import type { OwnMapping } from '@linchpin/mapping'
import { shownWords } from '../desk/words.ts'
import type { Linchpin } from '../linchpin.ts'
import { readOwn } from './faults.ts'
import { headOf } from './preview.ts'
import { shownOutcome } from './outcome.ts'
import { liveOwn, type Site } from './site.ts'
import { compiledOwn, recordsFor, tried } from './try.ts'

const MOST_FIELDS = 40

/** What would be different on captured records, if this mapping took the place of the one that is live. */
export async function differenceAnswer(
  linchpin: Linchpin,
  site: Site,
  given: unknown,
  limit: number,
): Promise<MappingDifference> {
  const { own, faults } = readOwn(site, given)
  const before = compiledOwn(site, liveOwn(linchpin.setup, site))
  const after = own && compiledOwn(site, own as OwnMapping)
  if (!before || !after) return { faults: [...faults], looked: 0, mended: 0, broken: 0, records: [] }
  const captured = await recordsFor(linchpin, site, { limit })
  const found: MappingDifference['records'] = []
  for (const record of captured) {
    const was = await tried(linchpin, site, before, record)
    const is = await tried(linchpin, site, after, record)
    const fields = fieldsBetween(was, is, site)
    const [wrong, stillWrong] = [problemsOf(was, site), problemsOf(is, site)]
    if (fields.length === 0 && wrong.join() === stillWrong.join()) continue
    found.push({ ...headOf(record), fields, before: wrong, after: stillWrong })
  }
  return {
    faults: [...faults],
    looked: captured.length,
    mended: found.filter(each => each.before.length > 0 && each.after.length === 0).length,
    broken: found.filter(each => each.before.length === 0 && each.after.length > 0).length,
    records: found,
  }
}

const problemsOf = (trial: Trial | null, { entity }: Site) =>
  (trial?.problems ?? []).map(words => shownWords(words, entity))

function fieldsBetween(was: Trial | null, is: Trial | null, { entity }: Site) {
  const changes = changesBetween(outcomes(was), outcomes(is)).slice(0, MOST_FIELDS)
  return changes.map(({ path, was: before, now: after }) => {
    const field = placeOf(path)
    const shown = (trial: Trial | null, value: unknown) =>
      shownOutcome(field, value, readsOf(trial, String(path[0])), entity)
    return { field, before: shown(was, before), after: shown(is, after) }
  })
}

const readsOf = (trial: Trial | null, name: string) =>
  trial?.explanation.fields.find(({ field }) => field === name)?.reads ?? []

/** Field by field, so that one that cannot be read does not hide what the others make. */
const outcomes = (trial: Trial | null) =>
  Object.fromEntries((trial?.explanation.fields ?? []).map(({ field, outcome }) => [field, outcome]))

/** ['lines', 0, 'sku'] is lines[0].sku. */
const placeOf = (path: readonly (string | number)[]) =>
  path.reduce<string>(
    (at, step) => (typeof step === 'number' ? `${at}[${step}]` : at === '' ? step : `${at}.${step}`),
    '',
  )
