import type { ReconciliationAnswer } from '@linchpin/api'
import { api } from '../api.ts'

/** One request compares for a few seconds: it is asked again until all is compared. */
export async function compareFlow(flow: string): Promise<ReconciliationAnswer> {
  let found = await api.reconcile({ flow })
  while (!found.done) found = await api.reconcile({ flow, goOn: true })
  return found
}
