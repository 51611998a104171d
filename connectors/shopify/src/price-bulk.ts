import { beginMutations, mutationsUnderWay } from './bulk-mutation.ts'
import type { PricePlan } from './price-plan.ts'
import { updating } from './product-writer.ts'
import type { Session } from './session.ts'

/**
 * Which of these prices Shopify changes in bulk, now that it was asked to, or because it was before. A price must not be
 * changed beside that: the file that Shopify works on may hold an older one, and would put it in the newer one's place.
 * What a bulk that has ended left as it was is not sent in bulk again: by itself it is told why.
 */
export async function changingInBulk(
  session: Session,
  plans: readonly PricePlan[],
  variablesOf: (plans: readonly PricePlan[]) => readonly object[],
): Promise<ReadonlySet<PricePlan>> {
  const busy = await variantsUnderWay(session)
  const free = plans.filter(({ variant }) => busy !== 'unknown' && !busy.has(variant))
  const left = new Set(free.filter(plan => takeLeft(session, plan)))
  const fresh = free.filter(plan => !left.has(plan))
  const variables = variablesOf(fresh)
  if (variables.length < session.settings.bulkPricesFrom) return without(plans, new Set(free))
  // Null when Shopify does too many already: then these wait for their turn.
  const id = await beginMutations(session, updating, variables)
  if (id !== null) session.priceBulks.set(id, new Map(fresh.map(plan => [plan.variant, wantedIn(plan)])))
  return without(plans, left)
}

const without = (plans: readonly PricePlan[], others: ReadonlySet<PricePlan>) =>
  new Set(plans.filter(plan => !others.has(plan)))

/** Whether a bulk that has ended was to do just this, and did not. Asked once for each bulk. */
function takeLeft({ pricesAfterBulk }: Session, plan: PricePlan): boolean {
  const isLeft = pricesAfterBulk.get(plan.variant) === wantedIn(plan)
  pricesAfterBulk.delete(plan.variant)
  return isLeft
}

const wantedIn = ({ input }: PricePlan): string => JSON.stringify(input)

/** 'unknown' when another node of Linchpin began one, or we before a restart: it could be any of them. */
async function variantsUnderWay(session: Session): Promise<ReadonlySet<string> | 'unknown'> {
  const { priceBulks, pricesAfterBulk } = session
  // One that is begun while we ask is not in the answer, and runs.
  const known = [...priceBulks]
  const running = await mutationsUnderWay(session)
  for (const [id, wanted] of known) {
    if (running.includes(id)) continue
    priceBulks.delete(id)
    for (const [variant, price] of wanted) pricesAfterBulk.set(variant, price)
  }
  if (running.some(id => !priceBulks.has(id))) return 'unknown'
  return new Set([...priceBulks.values()].flatMap(wanted => [...wanted.keys()]))
}
