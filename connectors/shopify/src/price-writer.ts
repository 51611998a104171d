import { outcomeOf, Problem, type Outcome } from '@linchpin/connector'
import { reasonsIn, type UserErrors } from './errors.ts'
import { gid } from './ids.ts'
import { changingInBulk } from './price-bulk.ts'
import type { PricePlan } from './price-plan.ts'
import { updating } from './product-writer.ts'
import type { Session } from './session.ts'

/**
 * Many prices are changed in bulk, and few product by product; a bad one among several is told by its place. What becomes of
 * one in bulk shows the next look at it.
 */
export async function sendPrices(
  session: Session,
  plans: readonly PricePlan[],
): Promise<ReadonlyMap<PricePlan, Outcome>> {
  const outcomes = new Map<PricePlan, Outcome>(plans.map(plan => [plan, applied(plan)]))
  const wanted = plans.filter(({ input }) => input !== null)
  const slow = wanted.length > 0 ? await inBulk(session, wanted, outcomes) : []
  let stopped: Problem | null = null
  for (const group of byProduct(wanted.filter(plan => !slow.includes(plan)))) {
    if (session.io.signal.aborted)
      stopped ??= new Problem('passing', 'The work was called off before this was sent.')
    if (stopped) {
      for (const plan of group) outcomes.set(plan, { key: plan.key, is: 'refused', problem: stopped })
      continue
    }
    try {
      const errors = await send(session, group)
      for (const [at, plan] of group.entries()) {
        const problem = problemAt(errors, at, plan)
        if (problem) outcomes.set(plan, { key: plan.key, is: 'refused', problem })
      }
    } catch (error) {
      if (!(error instanceof Problem)) throw error
      for (const plan of group) outcomes.set(plan, outcomeOf(plan.key, error))
      if (['busy', 'login', 'settings'].includes(error.kind)) stopped = error
    }
  }
  return outcomes
}

/** Those that Shopify changes in bulk, with what is to be said of them. */
async function inBulk(
  session: Session,
  wanted: readonly PricePlan[],
  outcomes: Map<PricePlan, Outcome>,
): Promise<readonly PricePlan[]> {
  const tell = (plans: readonly PricePlan[], outcome: (plan: PricePlan) => Outcome) => {
    for (const plan of plans) outcomes.set(plan, outcome(plan))
    return plans
  }
  try {
    const variablesOf = (plans: readonly PricePlan[]) => byProduct(plans).map(variables)
    const changing = await changingInBulk(session, wanted, variablesOf)
    return tell([...changing], plan => ({ ...applied(plan), rest: underWay(plan) }))
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    return tell(wanted, ({ key }) => outcomeOf(key, error))
  }
}

function underWay({ variant }: PricePlan): Problem {
  return new Problem(
    'passing',
    `Shopify changes many prices in bulk, and has not done with variant ${variant} yet.`,
  )
}

async function send(session: Session, group: readonly PricePlan[]): Promise<UserErrors> {
  const { productVariantsBulkUpdate } = await session.client.ask(updating, variables(group))
  return productVariantsBulkUpdate.userErrors
}

/** Of plans for one product. */
function variables(group: readonly PricePlan[]) {
  return {
    product: gid('Product', group[0]?.product ?? ''),
    variants: group.map(({ variant, input }) => ({ id: gid('ProductVariant', variant), ...input })),
  }
}

/** 'variants', '3', 'price' is about the fourth; what names no place is about all. */
function problemAt(errors: UserErrors, at: number, { variant }: PricePlan): Problem | null {
  const own = errors.filter(({ field }) => field?.[0] !== 'variants' || field[1] === String(at))
  if (own.length === 0) return null
  return new Problem('refused', `The price of variant ${variant} is refused by Shopify: ${reasonsIn(own)}`)
}

function byProduct(plans: readonly PricePlan[]): readonly (readonly PricePlan[])[] {
  const products = [...new Set(plans.map(({ product }) => product))]
  return products.map(product => plans.filter(plan => plan.product === product))
}

/** Prices are never swept, so nothing needs their version. */
function applied({ key, variant, again }: PricePlan): Extract<Outcome, { is: 'applied' }> {
  return { key, is: 'applied', id: variant, version: null, ...(again !== null && { again }) }
}
