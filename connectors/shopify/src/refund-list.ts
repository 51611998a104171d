import { inTurn, Problem } from '@linchpin/connector'
import { sumMoney } from '@linchpin/model'
import { z } from 'zod'
import type { Operation } from './client.ts'
import { gid, isId } from './ids.ts'
import { allOf } from './inner-list.ts'
import {
  refundCharges,
  refundLines,
  refundRow,
  refundSelection,
  refundTransactions,
  wireRefund,
  type RefundRow,
  type WireRefund,
} from './refund-row.ts'
import { creditNoteIn } from './refund-note.ts'
import type { Session } from './session.ts'

/** The refunds of an order; none when there is no such order. */
export async function readRefunds(session: Session, order: string): Promise<readonly RefundRow[]> {
  if (!isId(order)) return []
  const answer = await session.client.ask(refundsOfOrder, { id: gid('Order', order) })
  const found = answer.order
  if (!found) return []
  return inTurn(found.refunds, each => refundOf(session, each, order, found))
}

async function refundOf(
  session: Session,
  refund: WireRefund,
  order: string,
  { currencyCode, taxesIncluded }: { readonly currencyCode: string; readonly taxesIncluded: boolean },
): Promise<RefundRow> {
  const lines = await allOf(session, refundLines, refund.id, refund.refundLineItems)
  const charges = await allOf(session, refundCharges, refund.id, refund.refundShippingLines)
  const transactions = await allOf(session, refundTransactions, refund.id, refund.transactions)
  const grossOf = (subtotal: string, tax: string) =>
    sumMoney(taxesIncluded ? [subtotal] : [subtotal, tax], currencyCode)
  const creditNote = creditNoteIn(refund.note)
  const row = refundRow.safeParse({
    ...refund,
    creditNote: creditNote === null ? null : `${order}/${creditNote}`,
    refundLineItems: { nodes: lines },
    refundShippingLines: { nodes: charges },
    transactions: { nodes: transactions },
    id: `${order}/${refund.id}`,
    order,
    currencyCode,
    amount: refund.totalRefundedSet.shopMoney.amount,
    status: statusOf(transactions.map(({ status }) => status)),
    payment: transactions.find(each => each.parentTransaction)?.parentTransaction?.id ?? null,
    lines: lines.map(each => {
      const [subtotal, tax] = [each.subtotalSet.shopMoney.amount, each.totalTaxSet.shopMoney.amount]
      return { ...each, subtotal, tax, gross: grossOf(subtotal, tax) }
    }),
    charges: charges.map(each => {
      const [subtotal, tax] = [each.subtotalAmountSet.shopMoney.amount, each.taxAmountSet.shopMoney.amount]
      return { ...each, tax, gross: grossOf(subtotal, tax) }
    }),
  })
  if (row.success) return row.data
  const where = row.error.issues[0]?.path.join('.') ?? ''
  throw new Problem('surprise', `Shopify told a refund in a way that we do not understand (${where}).`)
}

/** A refund without a transaction gives back no money: it took goods off the order. */
function statusOf(statuses: readonly string[]): RefundRow['status'] {
  if (statuses.some(each => each === 'PENDING' || each === 'AWAITING_RESPONSE')) return 'pending'
  return statuses.length > 0 && statuses.every(each => each === 'FAILURE' || each === 'ERROR')
    ? 'failed'
    : 'settled'
}

const refundsData = z.object({
  order: z
    .object({ currencyCode: z.string(), taxesIncluded: z.boolean(), refunds: z.array(wireRefund) })
    .nullable(),
})
export const refundsOfOrder: Operation<z.infer<typeof refundsData>> = {
  text: `query Refunds($id: ID!) { order(id: $id) { currencyCode taxesIncluded refunds { ${refundSelection} } } }`,
  data: refundsData,
}
