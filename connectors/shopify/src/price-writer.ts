import { outcomeOf, Problem, type Outcome } from '@linchpin/connector'
import { reasonsIn, type UserErrors } from './errors.ts'
import { gid } from './ids.ts'
import type { PricePlan } from './price-plan.ts'
import { updating } from './product-writer.ts'
import type { Session } from './session.ts'

/** Prices are changed product by product; a bad one among several is told by its place. */
export async function sendPrices(
  session: Session,
  plans: readonly PricePlan[],
): Promise<ReadonlyMap<PricePlan, Outcome>> {
  const outcomes = new Map<PricePlan, Outcome>(plans.map(plan => [plan, applied(plan)]))
  let stopped: Problem | null = null
  for (const group of byProduct(plans.filter(({ input }) => input !== null))) {
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

async function send(session: Session, [first, ...others]: readonly PricePlan[]): Promise<UserErrors> {
  if (!first) return []
  const { productVariantsBulkUpdate } = await session.client.ask(updating, {
    product: gid('Product', first.product),
    variants: [first, ...others].map(({ variant, input }) => ({
      id: gid('ProductVariant', variant),
      ...input,
    })),
  })
  return productVariantsBulkUpdate.userErrors
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
function applied({ key, variant, again }: PricePlan): Outcome {
  return { key, is: 'applied', id: variant, version: null, ...(again !== null && { again }) }
}
