import { inTurn } from '@linchpin/connector'
import { z } from 'zod'
import type { Operation } from './client.ts'
import { gid, isId } from './ids.ts'
import { seenOwn, seenSelection, type SeenOwn } from './metafields.ts'
import type { Session } from './session.ts'

const text = z.string()

/** One bill as it stands in the metafield: this is what a theme reads. */
const bill = z.looseObject({
  number: text,
  status: z.enum(['posted', 'paid', 'cancelled']),
  payable: text,
  currency: text,
  url: text.optional(),
  /** Of a credit note whose money we give back: the refunds that did. Empty until then. */
  refunds: z.array(text).optional(),
})
export type Bill = z.infer<typeof bill>
export const billRow = z.looseObject({ id: text, order: text, number: text })
export type BillRow = z.infer<typeof billRow>

export interface BilledOrder {
  readonly id: string
  readonly name: string
  readonly bills: readonly Bill[]
  /** The metafield that they stand in. */
  readonly seen: SeenOwn
}

/** What stands at these orders, of those that exist. */
export async function billsIn(
  session: Session,
  key: 'invoices' | 'credit_notes',
  orders: readonly string[],
): Promise<readonly BilledOrder[]> {
  const { namespace } = session.settings
  const answers = await inTurn([...new Set(orders)].filter(isId), id =>
    session.client.ask(ownOfOrder, { id: gid('Order', id), namespace, key }),
  )
  return answers.flatMap(({ order }) =>
    order ? [{ id: order.id, name: order.name, bills: listIn(order.own?.value), seen: order.own }] : [],
  )
}

/** What someone else wrote there is not ours to read. */
function listIn(value: string | undefined): readonly Bill[] {
  try {
    return z.array(bill).safeParse(JSON.parse(value ?? '[]')).data ?? []
  } catch {
    return []
  }
}

const ownData = z.object({
  order: z.object({ id: text, name: text, own: seenOwn }).nullable(),
})
export const ownOfOrder: Operation<z.infer<typeof ownData>> = {
  text: `query OwnOfOrder($id: ID!, $namespace: String!, $key: String!) {
    order(id: $id) { id name own: metafield(namespace: $namespace, key: $key) { ${seenSelection} } } }`,
  data: ownData,
}
