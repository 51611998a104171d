import { Problem, Unanswered, type Outcome, type Write } from '@linchpin/connector'
import { sendBatch, type Item } from './batch.ts'
import { type Session } from './client.ts'
import { numberOf } from './ids.ts'
import { sellable } from './product-read.ts'
import type { RawProduct, Sellable } from './product-row.ts'

export interface Sending<Row> {
  /** The product that a create is about; an update's id is one. */
  readonly productOf: (row: Row) => string | undefined
  /** What to set at the product. Throws a Problem for a row that the shop would take wrongly. */
  readonly fieldsOf: (row: Row) => Promise<Readonly<Record<string, unknown>>>
  readonly versionOf: (sellable: Sellable) => Promise<string>
}

interface Planned<Row> {
  readonly write: Write<Row>
  readonly id: string
  readonly path: string
  readonly item: Item
}

/** Stock and prices are fields of the product: to create them is to set them, and to set them twice is the same. */
export async function sendToSellables<Row>(
  session: Session,
  writes: readonly Write<Row>[],
  sending: Sending<Row>,
): Promise<Outcome[]> {
  const outcomes = new Map<Write<Row>, Outcome>()
  const planned: Planned<Row>[] = []
  for (const write of writes)
    try {
      planned.push(await plan(write, sending))
    } catch (problem) {
      // Told to wait before anything was sent: asking on for the other writes would only make it longer.
      if (!(problem instanceof Problem) || problem.kind === 'busy') throw problem
      outcomes.set(write, { key: write.key, is: 'refused', problem })
    }
  for (const path of new Set(planned.map(each => each.path))) {
    const group = planned.filter(each => each.path === path)
    // Two writes about one product in one call: the later one counts, and is sent once.
    const last = new Map(group.map(each => [each.id, each]))
    const answers = await sendBatch(
      session,
      path,
      [...last.values()].map(({ item }) => item),
    )
    const results = new Map([...last.keys()].map((id, at) => [id, answers[at]]))
    for (const each of group) outcomes.set(each.write, await outcomeOf(each, results.get(each.id), sending))
  }
  return writes.map(write => outcomes.get(write) as Outcome)
}

async function plan<Row>(write: Write<Row>, sending: Sending<Row>): Promise<Planned<Row>> {
  const id = write.id ?? sending.productOf(write.row) ?? ''
  const [first, second, third] = id.split('/').map(numberOf)
  if (!first || second === null || third !== undefined)
    throw new Problem('refused', `"${id}" is no product of the shop.`)
  const fields = await sending.fieldsOf(write.row)
  return second === undefined
    ? { write, id, path: '/products', item: { id: first, fields } }
    : { write, id, path: `/products/${first}/variations`, item: { id: second, fields } }
}

async function outcomeOf<Row>(
  { write, id }: Planned<Row>,
  result: RawProduct | Problem | undefined,
  sending: Sending<Row>,
): Promise<Outcome> {
  const { key } = write
  if (result instanceof Problem || result === undefined) {
    const problem = result ?? new Problem('passing', 'The shop did not say what became of it.')
    return { key, is: problem instanceof Unanswered || !result ? 'unknown' : 'refused', problem }
  }
  if (result.status === 'trash')
    return {
      key,
      is: 'refused',
      problem: new Problem('refused', `Product ${id} lies in the trash of the shop.`),
    }
  const version = await sending.versionOf({ ...sellable(result, null), id })
  return { key, is: 'applied', id, version, number: result.sku }
}
