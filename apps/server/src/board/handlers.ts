import { standing } from '@linchpin/engine'
import type { ComparisonAnswer } from '@linchpin/api'
import type { Handlers } from '../http/handlers.ts'
import { namedFlow } from '../http/names.ts'
import { reconciliationAnswer } from '../http/reconciliation.ts'
import { isoOrNull, toldAnswer } from '../http/status.ts'
import type { Linchpin } from '../linchpin.ts'
import { sidesAnswer } from './sides.ts'
import { stockAnswer } from './stock.ts'

type BoardHandlers = Pick<Handlers, 'comparisons' | 'comparison' | 'sides' | 'stock'>

/** What the routes of the comparison board do. */
export function boardHandlers(linchpin: () => Linchpin): BoardHandlers {
  return {
    comparisons: async () => {
      const comparisons: ComparisonAnswer[] = []
      for (const flow of linchpin().setup.flows)
        comparisons.push(await comparisonAnswer(linchpin(), flow.name))
      return { comparisons }
    },
    comparison: async ({ flow }) => {
      const { setup, store } = linchpin()
      return reconciliationAnswer(await standing(namedFlow(setup, flow), { store }))
    },
    sides: ({ flow, id }) => sidesAnswer(linchpin(), namedFlow(linchpin().setup, flow), id),
    stock: ({ sku }) => stockAnswer(linchpin(), sku),
  }
}

const DAY_MS = 24 * 3_600_000

async function comparisonAnswer({ setup, store, now }: Linchpin, name: string): Promise<ComparisonAnswer> {
  const flow = namedFlow(setup, name)
  const found = await standing(flow, { store })
  const { discrepancies, healed: _healed, endedAt, oldestAt, told, kinds, ...rest } = found
  const times = { comparedAt: isoOrNull(endedAt), oldestAt: isoOrNull(oldestAt) }
  const lately = discrepancies.filter(({ since }) => since > now() - DAY_MS).length
  return { ...rest, ...times, told: toldAnswer(told), kinds: { ...kinds }, lately }
}
