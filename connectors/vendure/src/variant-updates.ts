import { Problem, outcomeOf, type Outcome, type Write } from '@linchpin/connector'
import { z } from 'zod'
import type { Operation } from './client.ts'
import type { Session } from './session.ts'

/** What is to change of a variant: nothing, when only the id is there. */
export interface VariantInput {
  readonly prices?: readonly { readonly currencyCode: string; readonly price: number }[]
  readonly stockLevels?: readonly { readonly stockLocationId: string; readonly stockOnHand: number }[]
  /** Write again at this instant. */
  readonly again?: number
}

interface Planned {
  readonly key: string
  readonly id: string
  readonly again: number | undefined
  readonly input: object | null
}

/**
 * Many variants in one mutation, which is one transaction: all or none. When Vendure refuses it, each is tried alone,
 * so that a bad one harms itself only.
 */
export async function updateTogether<Row>(
  session: Session,
  writes: readonly Write<Row>[],
  plan: (write: Write<Row>, at: number) => VariantInput & { readonly id: string },
): Promise<readonly Outcome[]> {
  const plans = writes.map((write, at) => planned(write, () => plan(write, at)))
  const sure = plans.flatMap(each => ('input' in each ? [each] : []))
  const done = await send(session, sure)
  return plans.map(each => ('input' in each ? (done.get(each.key) ?? each) : each) as Outcome)
}

function planned<Row>(
  { key }: Write<Row>,
  plan: () => VariantInput & { readonly id: string },
): Planned | Outcome {
  try {
    const { again, id, ...fields } = plan()
    return { key, id, again, input: Object.keys(fields).length > 0 ? { id, ...fields } : null }
  } catch (error) {
    if (error instanceof Problem) return { key, is: 'refused', problem: error }
    throw error
  }
}

async function send(session: Session, plans: readonly Planned[]): Promise<ReadonlyMap<string, Outcome>> {
  const changing = plans.filter(({ input }) => input !== null)
  const outcomes = new Map(plans.map(each => [each.key, applied(each)]))
  if (changing.length === 0) return outcomes
  try {
    await session.client.ask(updating, { input: changing.map(({ input }) => input) })
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    if (error.kind === 'refused' && changing.length > 1) {
      for (const each of changing) outcomes.set(each.key, (await send(session, [each])).get(each.key)!)
      return outcomes
    }
    for (const { key } of changing) outcomes.set(key, outcomeOf(key, error))
  }
  return outcomes
}

/** Prices and stock are never swept, so nothing needs their version. */
function applied({ key, id, again }: Planned): Outcome {
  return { key, is: 'applied', id, version: null, ...(again !== undefined && { again }) }
}

const updated = z.object({ updateProductVariants: z.array(z.object({ id: z.string() })) })
const updating: Operation<z.infer<typeof updated>> = {
  text: `mutation SetVariants($input: [UpdateProductVariantInput!]!) {
    updateProductVariants(input: $input) { id } }`,
  data: updated,
}
