import { beginMutations, mutationsUnderWay } from './bulk-mutation.ts'
import type { PricePlan } from './price-plan.ts'
import { updating } from './product-writer.ts'
import type { Session } from './session.ts'

/**
 * Which of these prices Shopify changes in bulk, now that it was asked to, or because it was before. A price must not be
 * changed beside that: the file that Shopify works on may hold an older one, and would put it in the newer one's place.
 */
export async function changingInBulk(
  session: Session,
  plans: readonly PricePlan[],
  variablesOf: (plans: readonly PricePlan[]) => readonly object[],
): Promise<ReadonlySet<PricePlan>> {
  const busy = await variantsUnderWay(session)
  const free = plans.filter(({ variant }) => busy !== 'unknown' && !busy.has(variant))
  const variables = variablesOf(free)
  if (variables.length >= session.settings.bulkPricesFrom) {
    const id = await beginMutations(session, updating, variables)
    // Shopify does too many already, so these wait for their turn.
    if (id === null) return new Set(plans)
    session.priceBulks.set(id, new Set(free.map(({ variant }) => variant)))
    return new Set(plans)
  }
  const sent = new Set(free)
  return new Set(plans.filter(plan => !sent.has(plan)))
}

/** 'unknown' when another node of Linchpin began one, or we before a restart: it could be any of them. */
async function variantsUnderWay(session: Session): Promise<ReadonlySet<string> | 'unknown'> {
  const { priceBulks } = session
  // One that is begun while we ask is not in the answer, and runs.
  const known = [...priceBulks.keys()]
  const running = await mutationsUnderWay(session)
  for (const id of known) if (!running.includes(id)) priceBulks.delete(id)
  if (running.some(id => !priceBulks.has(id))) return 'unknown'
  return new Set([...priceBulks.values()].flatMap(variants => [...variants]))
}
