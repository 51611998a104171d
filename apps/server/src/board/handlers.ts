import { standing } from '@linchpin/engine'
import type { ComparisonAnswer, TrendAnswer } from '@linchpin/api'
import { TREND_MS, type PastComparison } from '@linchpin/store'
import type { Handlers } from '../http/handlers.ts'
import { namedFlow } from '../http/names.ts'
import { reconciliationAnswer } from '../http/reconciliation.ts'
import { iso, isoOrNull, toldAnswer } from '../http/status.ts'
import type { Linchpin } from '../linchpin.ts'
import { endIgnoring, ignoredAnswer, ignoreField } from './ignored.ts'
import { pushAnswer } from './push.ts'
import { sidesAnswer, sidesNow } from './sides.ts'
import { stockAnswer } from './stock.ts'

type BoardHandlers = Pick<
  Handlers,
  | 'comparisons'
  | 'comparison'
  | 'sides'
  | 'readSides'
  | 'push'
  | 'ignored'
  | 'ignoreField'
  | 'endIgnoring'
  | 'stock'
>

/** What the routes of the comparison board do. */
export function boardHandlers(linchpin: () => Linchpin): BoardHandlers {
  return {
    comparisons: async () => {
      const { setup } = linchpin()
      const names = setup.flows.map(({ name }) => name)
      const trends = await trendsOf(linchpin(), names)
      const comparisons: ComparisonAnswer[] = []
      for (const name of names) comparisons.push(await comparisonAnswer(linchpin(), name, trends))
      return { comparisons }
    },
    comparison: async ({ flow }) => {
      const { setup, store, changes } = linchpin()
      const found = reconciliationAnswer(await standing(namedFlow(setup, flow), { store }))
      const trends = await trendsOf(linchpin(), [flow])
      return {
        ...found,
        trend: trendAnswer(trends, flow),
        ignored: changes.ignoredIn(flow).map(ignoredAnswer),
      }
    },
    sides: ({ flow, id }) => sidesAnswer(linchpin(), namedFlow(linchpin().setup, flow), id),
    readSides: ({ flow, id }) => sidesNow(linchpin(), namedFlow(linchpin().setup, flow), id),
    push: ({ flow, id, ...asked }) => pushAnswer(linchpin(), namedFlow(linchpin().setup, flow), id, asked),
    ignored: async ({ flow }) => {
      const found = await linchpin().desk.ignoredFields()
      return {
        ignored: found.filter(each => flow === undefined || each.flow === flow).map(ignoredAnswer),
      }
    },
    ignoreField: async ({ flow, ...said }) => {
      await ignoreField(linchpin(), namedFlow(linchpin().setup, flow), said)
      return { done: true }
    },
    endIgnoring: async ({ flow, ...said }) => ({ done: await endIgnoring(linchpin(), flow, said) }),
    stock: ({ sku }) => stockAnswer(linchpin(), sku),
  }
}

const DAY_MS = 24 * 3_600_000

const trendsOf = ({ desk, now }: Linchpin, flows: readonly string[]) =>
  desk.trendOf({ flows, since: now() - TREND_MS })

const trendAnswer = (trends: readonly PastComparison[], name: string): TrendAnswer =>
  trends
    .filter(({ flow }) => flow === name)
    .map(({ at, same, kinds }) => ({ at: iso(at), same, kinds: { ...kinds } }))

async function comparisonAnswer(
  { setup, store, now }: Linchpin,
  name: string,
  trends: readonly PastComparison[],
): Promise<ComparisonAnswer> {
  const flow = namedFlow(setup, name)
  const found = await standing(flow, { store })
  const { discrepancies, healed: _healed, endedAt, oldestAt, told, kinds, ...rest } = found
  const times = { comparedAt: isoOrNull(endedAt), oldestAt: isoOrNull(oldestAt) }
  const lately = discrepancies.filter(({ since }) => since > now() - DAY_MS).length
  const trend = trendAnswer(trends, name)
  return { ...rest, ...times, told: toldAnswer(told), kinds: { ...kinds }, lately, trend }
}
