import { Problem } from '@linchpin/connector'
import { compare, contentHash, equal, isWhole, isZero, smaller, subtract, sumMoney } from '@linchpin/model'
import { z } from 'zod'
import type { Operation } from './client.ts'
import type { CreditNoteWrite } from './credit-notes.ts'
import { reasonsIn, userErrors } from './errors.ts'
import { gid } from './ids.ts'
import { readRefunds } from './refund-list.ts'
import { creditNoteIn, refundNote } from './refund-note.ts'
import type { RefundRow } from './refund-row.ts'
import { goodsOf, readRefundable, type Refundable, type RefundedLine } from './refundable.ts'
import type { Session } from './session.ts'

interface ToPayBack {
  /** Of the write. */
  readonly key: string
  readonly row: CreditNoteWrite
  readonly order: string
  /** The refunds of this order that other credit notes have claimed. */
  readonly claimed: readonly string[]
  /** The amounts of credit notes whose money was left to people: any refund that they make may be of one of these. */
  readonly earlier: readonly string[]
}

/**
 * Sees to it that the money of a credit note is given back, once. Answers the refunds that did it, which may be ours of an
 * earlier try, or ones that someone made in Shopify. What cannot be given back is a refusal with the reason.
 */
export async function payBack(session: Session, given: ToPayBack): Promise<readonly string[]> {
  const { key, row, order } = given
  if (row.orders.length > 1)
    throw refused(
      row,
      'is of several orders, and does not say how much is of which. Give it back in Shopify.',
    )
  const there = await standing(session, given)
  if (there.length > 0) return there
  const can = await readRefundable(session, order)
  const transactions = sourcesOf(row, can).map(each => ({ ...each, orderId: gid('Order', order) }))
  const input = {
    orderId: gid('Order', order),
    currency: row.currency,
    note: refundNote(row.number, key),
    notify: session.settings.notifyCustomers,
    transactions,
    ...(await goodsOf(session, order, row.payable, linesOf(row, can) ?? [])),
  }
  const { refundCreate } = await session.client.ask(refunding, { input, key: idempotencyKey(key, can) })
  if (refundCreate.userErrors.length > 0) {
    // One that an earlier request of ours is just making is refused, too.
    const meanwhile = await standing(session, given)
    if (meanwhile.length > 0) return meanwhile
    throw refused(row, `cannot be paid back in Shopify: ${reasonsIn(refundCreate.userErrors)}`)
  }
  const made = refundCreate.refund
  if (!made) throw new Problem('surprise', `Shopify paid back ${row.number} and does not show it to us.`)
  const states = made.transactions.nodes.map(({ status }) => status)
  if (states.some(status => status === 'FAILURE' || status === 'ERROR'))
    throw refused(row, 'was to be paid back, and the payment provider refused. Look at the order in Shopify.')
  if (states.some(status => status !== 'SUCCESS')) throw onItsWay(row)
  return [made.id]
}

/** Whether a refund with this note of ours gave money back, or still may: it has not failed. */
export async function standsOrMay(session: Session, order: string, note: string): Promise<boolean> {
  const all = await readRefunds(session, order)
  return all.some(
    ({ note: words, amount, status }) =>
      words === note && (status === 'pending' || (status !== 'failed' && !isZero(amount))),
  )
}

/** The refunds that give this money back already. Throws when nobody can tell whether they do. */
async function standing(
  session: Session,
  { key, row, order, claimed, earlier }: ToPayBack,
): Promise<string[]> {
  const note = refundNote(row.number, key)
  const all = await readRefunds(session, order)
  // What becomes of it is only known when the payment provider has said.
  if (all.some(each => each.note === note && each.status === 'pending')) throw onItsWay(row)
  const refunds = all
    .filter(({ amount, status }) => !isZero(amount) && status !== 'failed')
    .map(({ id, amount, note: words }) => ({ id: id.split('/')[1] ?? '', amount, note: words }))
  const ours = refunds.filter(each => each.note === note)
  const left = subtract(row.payable, sumOf(ours, row))
  const byHand = refunds.filter(each => creditNoteIn(each.note) === null && !claimed.includes(each.id))
  if (isZero(left)) return ours.map(({ id }) => id)
  if (earlier.length > 0 && byHand.length > 0)
    throw refused(
      row,
      `is of ${money(row.payable, row)}. ${money(sumOf(byHand, row), row)} of its order were given back by hand, and so was, or is to be, ` +
        'the money of other credit notes of it: nobody can tell whose they are. Give this one back in Shopify if nobody has, then skip it here.',
    )
  const same = byHand.filter(({ amount }) => equal(amount, left)).slice(0, 1)
  const enough = [same, byHand].find(some => equal(sumOf(some, row), left))
  if (enough) return [...ours, ...enough].map(({ id }) => id)
  if (ours.length + byHand.length === 0) return []
  const given = money(sumOf([...ours, ...byHand], row), row)
  throw refused(
    row,
    `is of ${money(row.payable, row)}, and ${given} of its order stand given back in Shopify that may be a part of it: ` +
      'nobody can tell. Give back what is missing in Shopify, then retry: it is recognised by its amount.',
  )
}

/** What the money is taken from: payments that Shopify can pay back, each as far as it goes. */
function sourcesOf(row: CreditNoteWrite, can: Refundable) {
  if (can.currencyCode !== row.currency || can.presentmentCurrencyCode !== row.currency)
    throw refused(
      row,
      `is in ${row.currency}, and order ${can.name} was paid in ${can.presentmentCurrencyCode} in a shop of ${can.currencyCode}. Give it back in Shopify.`,
    )
  const all = can.suggested.map(each => ({ ...each, most: mostOf(each) })).filter(({ most }) => !isZero(most))
  const sources = all.filter(({ parentTransaction: parent }) => parent && !parent.manualPaymentGateway)
  const most = sumMoney(
    sources.map(each => each.most),
    row.currency,
  )
  if (compare(most, row.payable) < 0) {
    const others = all.filter(each => !sources.includes(each))
    const ways = [...new Set(others.map(each => each.formattedGateway ?? each.gateway ?? 'by hand'))]
    const words =
      ways.length > 0
        ? ` Shopify cannot pay back what was paid by ${ways.join(', ')}: do that as it was paid.`
        : ''
    throw refused(
      row,
      `is of ${money(row.payable, row)}, and only ${money(most, row)} of order ${can.name} can be given back through Shopify.${words}`,
    )
  }
  let left = row.payable
  return sources.flatMap(({ most: each, gateway, parentTransaction }) => {
    if (isZero(left)) return []
    const amount = smaller(left, each)
    left = subtract(left, amount)
    return [
      {
        kind: 'REFUND',
        gateway: gateway ?? '',
        parentId: gid('OrderTransaction', parentTransaction?.id ?? ''),
        amount: sumMoney([amount], row.currency),
      },
    ]
  })
}

const mostOf = ({ maximumRefundableSet, amountSet }: Refundable['suggested'][number]) =>
  (maximumRefundableSet ?? amountSet).shopMoney.amount

/** The order's lines that these goods are; null when they are not all among them, or no whole units. */
function linesOf({ lines = [] }: CreditNoteWrite, can: Refundable): readonly RefundedLine[] | null {
  const rests = can.lines.map(line => ({ line, rest: line.refundableQuantity, taken: 0 }))
  for (const { product, sku, quantity } of lines) {
    if (!isWhole(quantity)) return null
    let open = Number(quantity)
    for (const each of rests) {
      const isIt =
        product === undefined ? sku !== undefined && each.line.sku === sku : each.line.variant?.id === product
      const part = isIt ? Math.min(open, each.rest) : 0
      each.rest -= part
      each.taken += part
      open -= part
    }
    if (open > 0) return null
  }
  // The stock is what the ERP says.
  return rests
    .filter(({ taken }) => taken > 0)
    .map(({ line, taken }) => ({
      lineItemId: gid('LineItem', line.id),
      quantity: taken,
      restockType: 'NO_RESTOCK',
    }))
}

/**
 * The same for every repetition, so that Shopify answers the first refund again should it not show it to us yet; another
 * one once that has failed at the payment provider, or there is another payment to take it from.
 */
function idempotencyKey(key: string, { transactions }: Refundable): string {
  const known = transactions.filter(
    ({ kind, status }) => kind !== 'REFUND' || status === 'FAILURE' || status === 'ERROR',
  )
  return contentHash([key, ...known.map(({ id }) => id).toSorted()]).slice(0, 32)
}

const sumOf = (refunds: readonly Pick<RefundRow, 'amount'>[], { currency }: CreditNoteWrite) =>
  sumMoney(
    refunds.map(({ amount }) => amount),
    currency,
  )
const money = (amount: string, { currency }: CreditNoteWrite) => `${sumMoney([amount], currency)} ${currency}`
const refused = ({ number }: CreditNoteWrite, what: string) =>
  new Problem('refused', `Credit note ${number} ${what}`)

const onItsWay = ({ number }: CreditNoteWrite) =>
  new Problem(
    'passing',
    `Credit note ${number} is being paid back, and the payment provider has not confirmed it yet.`,
  )

const refundData = z.object({
  refundCreate: z.object({
    refund: z
      .object({
        id: z.string(),
        transactions: z.object({ nodes: z.array(z.object({ status: z.string() })) }),
      })
      .nullable(),
    userErrors,
  }),
})
export const refunding: Operation<z.infer<typeof refundData>> = {
  text: `mutation RefundOrder($input: RefundInput!, $key: String!) {
    refundCreate(input: $input) @idempotent(key: $key) {
      refund { id transactions(first: 25) { nodes { status } } } userErrors { field message } } }`,
  data: refundData,
}
