import { outcomeOf, Problem, type Outcome, type Write } from '@linchpin/connector'
import type { stockWrite } from '@linchpin/connector/shop'
import { isNegative, wholeUnits } from '@linchpin/model'
import type { z } from 'zod'
import type { Session } from './session.ts'
import { activate, setQuantities, track } from './stock-mutations.ts'
import { readLevels, type StockRow } from './stock-row.ts'

export type StockWrite = z.infer<typeof stockWrite>

/** A level, and how many shall be available there. */
export interface Wanted {
  readonly key: string
  readonly there: StockRow
  readonly quantity: number
}

/**
 * Absolute quantities, each with the one that we saw before: when a sale came in between, Shopify refuses, and the
 * engine reckons again. All of a request are set or none, so what is refused is left out and the rest is sent again.
 */
export async function writeStock(
  session: Session,
  writes: readonly Write<StockWrite>[],
): Promise<readonly Outcome[]> {
  if (writes.length === 0) return []
  const ids = writes.map(({ id, row }) => id ?? row.product ?? '')
  const now = new Map((await readLevels(session, ids)).map(row => [row.id, row]))
  const outcomes = new Map<string, Outcome>()
  const wanted: Wanted[] = []
  for (const [at, write] of writes.entries()) {
    const planned = plan(write, now.get(ids[at] ?? ''), ids[at] ?? '')
    if ('is' in planned) outcomes.set(write.key, planned)
    else wanted.push(planned)
  }
  await send(session, wanted, outcomes)
  return writes.map(({ key }) => outcomes.get(key)!)
}

function plan({ key, row }: Write<StockWrite>, there: StockRow | undefined, id: string): Wanted | Outcome {
  const name = row.sku ?? id
  const refused = (words: string): Outcome => ({ key, is: 'refused', problem: new Problem('refused', words) })
  if (!there) return refused(`Variant ${name} is not in Shopify (any more).`)
  const quantity = isNegative(row.available) ? 0 : Number(wholeUnits(row.available))
  if (quantity > mostUnits) return refused(`${row.available} of ${name} are more than Shopify can count.`)
  return { key, there, quantity }
}

/** https://shopify.dev/docs/api/admin-graphql/latest/mutations/inventorySetQuantities: a million and more is too high. */
const mostUnits = 1_000_000_000

async function send(
  session: Session,
  wanted: readonly Wanted[],
  outcomes: Map<string, Outcome>,
): Promise<void> {
  const open: Wanted[] = []
  for (const each of wanted) {
    const isSame = each.there.isStocked && each.there.quantities.available === each.quantity
    if (isSame && each.there.tracked) outcomes.set(each.key, applied(each))
    else if (each.there.isStocked && each.there.tracked) open.push(each)
    else await alone(session, each, outcomes)
  }
  await together(session, open, outcomes)
}

/** What Shopify never counted, or never at this location. */
async function alone(session: Session, each: Wanted, outcomes: Map<string, Outcome>): Promise<void> {
  await told(outcomes, [each], async () => {
    if (session.io.signal.aborted)
      throw new Problem('passing', 'The work was called off before this was sent.')
    if (!each.there.tracked) await track(session, each)
    if (!each.there.isStocked) await activate(session, each)
    else if (each.there.quantities.available !== each.quantity) {
      const [problem] = (await setQuantities(session, [each])).values()
      if (problem) throw problem
    }
    outcomes.set(each.key, applied(each))
  })
}

async function together(
  session: Session,
  open: readonly Wanted[],
  outcomes: Map<string, Outcome>,
): Promise<void> {
  if (open.length === 0) return
  await told(outcomes, open, async () => {
    if (session.io.signal.aborted)
      throw new Problem('passing', 'The work was called off before this was sent.')
    const refused = await setQuantities(session, open)
    for (const [each, problem] of refused) outcomes.set(each.key, { key: each.key, is: 'refused', problem })
    const rest = open.filter(each => !refused.has(each))
    if (refused.size > 0) return together(session, rest, outcomes)
    for (const each of rest) outcomes.set(each.key, applied(each))
  })
}

async function told(
  outcomes: Map<string, Outcome>,
  all: readonly Wanted[],
  work: () => Promise<void>,
): Promise<void> {
  try {
    await work()
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    for (const { key } of all) if (!outcomes.has(key)) outcomes.set(key, outcomeOf(key, error))
  }
}

function applied({ key, there }: Wanted): Outcome {
  return { key, is: 'applied', id: there.id, version: null }
}
