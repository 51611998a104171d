import type { Cursor, Entity, Page } from '@linchpin/connector'
import type { Mapping } from '@linchpin/mapping'
import { roundMoney } from '@linchpin/model'
import { z } from 'zod'
import { byIds, snapshotOf } from './listing.ts'
import { decimal } from './money.ts'
import { paidSince, type Met } from './payments.ts'
import type { Session } from './session.ts'

const text = z.string()
const maybe = text.nullish()

/** Money that went back. It stands inside its payment, so its id is 'payment/refund'. */
export const refundRow = z.looseObject({
  id: text,
  payment: text,
  order: text,
  currency_code: text,
  /** Rounded. */
  value: text,
  note: maybe,
  refund_reason: z.looseObject({ label: maybe }).nullish(),
  created_at: text,
})
export type RefundRow = z.infer<typeof refundRow>

const refundMapping: Mapping = {
  from: 'medusa.Refund',
  to: 'Refund',
  fields: {
    id: 'id',
    order: 'order',
    payment: 'payment',
    status: { constant: 'settled' },
    amount: 'value',
    currency: { format: 'upper', of: 'currency_code' },
    reason: { first: ['note', 'refund_reason.label'] },
    at: { format: 'instant', of: 'created_at' },
  },
}

export const refund: Entity<Session, 'Refund', RefundRow> = {
  schema: refundRow,
  mapping: refundMapping,
  changes: changesOfRefunds,
  get: async (session, ids) => {
    const payments = [...new Set(ids.map(id => id.split('/')[0] ?? ''))]
    return (await readRefunds(session, payments)).filter(({ id }) => ids.includes(id)).map(snapshotOf)
  },
}

interface State {
  /** Payments are read from the first on; afterwards, those that changed. */
  readonly offset: number | null
  readonly met: Met
  /** Refunds that are still to be told. */
  readonly pending: readonly string[]
}

const pageSize = 100

/** A payment never goes, so its place among all payments by `created_at` stays: pages may be counted. */
async function changesOfRefunds(
  session: Session,
  after: Cursor | null,
  limit: number,
): Promise<Page<RefundRow>> {
  const state: State =
    after === null
      ? { offset: 0, met: (await paidSince(session, null)).met, pending: [] }
      : (JSON.parse(after) as State)
  if (state.pending.length > 0) return told(session, state, limit)
  const { next, payments } = await (state.offset === null
    ? changed(session, state)
    : walked(session, state, state.offset))
  const pending = (await readRefunds(session, payments)).map(({ id }) => id)
  return pending.length === 0
    ? { items: [], next: JSON.stringify(next), more: next.offset !== null }
    : told(session, { ...next, pending }, limit)
}

async function told(session: Session, state: State, limit: number): Promise<Page<RefundRow>> {
  const now = state.pending.slice(0, limit)
  const next = { ...state, pending: state.pending.slice(limit) }
  const rows = await readRefunds(session, [...new Set(now.map(id => id.split('/')[0] ?? ''))])
  const items = rows.filter(({ id }) => now.includes(id)).map(snapshotOf)
  return { items, next: JSON.stringify(next), more: next.pending.length > 0 || next.offset !== null }
}

interface Step {
  readonly next: State
  readonly payments: readonly string[]
}

async function walked({ client }: Session, state: State, offset: number): Promise<Step> {
  const answer = z.object({ payments: z.array(z.object({ id: text })) })
  const query = { fields: 'id', order: 'created_at', limit: pageSize, offset }
  const { payments } = await client.get('/payments', answer, query)
  const next = { ...state, offset: payments.length < pageSize ? null : offset + pageSize }
  return { next, payments: payments.map(({ id }) => id) }
}

async function changed(session: Session, state: State): Promise<Step> {
  const { payments, met } = await paidSince(session, state.met)
  return { next: { ...state, met }, payments }
}

const payment = z.looseObject({
  id: text,
  currency_code: text,
  payment_collection: z.object({ order: z.object({ id: text }).nullish() }).nullish(),
  refunds: z.array(z.looseObject({ id: text, amount: z.number() })),
})

const fields =
  'id,currency_code,payment_collection.order.id,refunds.id,refunds.amount,refunds.note,refunds.created_at,' +
  'refunds.created_by,refunds.metadata,refunds.refund_reason.label'

/** Refunds of a payment that belongs to no order are nobody's. */
async function readRefunds(session: Session, payments: readonly string[]): Promise<readonly RefundRow[]> {
  const found = await byIds(session, { path: '/payments', name: 'payments', fields }, payment, payments)
  return found.flatMap(({ id, currency_code, payment_collection, refunds }) => {
    const order = payment_collection?.order?.id
    if (order === undefined) return []
    return refunds.map(each =>
      refundRow.parse({
        ...each,
        id: `${id}/${each.id}`,
        payment: id,
        order,
        currency_code,
        value: roundMoney(decimal(each.amount), currency_code.toUpperCase()),
      }),
    )
  })
}
