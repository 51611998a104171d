import type { ReconciliationAnswer } from '@linchpin/api'
import type { Reconciliation } from '@linchpin/engine'
import { iso } from './status.ts'

export function reconciliationAnswer({
  endedAt: _ended,
  oldestAt: _oldest,
  ...found
}: Reconciliation): ReconciliationAnswer {
  const discrepancies = found.discrepancies.map(({ since, fields, ...each }) => ({
    ...each,
    fields: [...fields],
    since: iso(since),
  }))
  return { ...found, kinds: { ...found.kinds }, discrepancies }
}
