import { z } from 'zod'
import type { Session } from './session.ts'

/**
 * What happened to money stands at the payment collection: its `updated_at` moves with every capture and refund, while
 * that of the order and of the payment stay. It cannot be filtered by, but sorted: the newest are read until a known
 * one comes.
 */
export interface Changed {
  readonly orders: readonly string[]
  readonly payments: readonly string[]
  /** What the next look can still come past: payment collection → stamp. */
  readonly met: Met
}
export type Met = Readonly<Record<string, string>>

/** As long as the longest workflow that we allow for. */
const overlapMs = 60_000
const pageSize = 100

/** What changed since the newest known one, less the overlap. With null: nothing, and what is there now is known. */
export async function paidSince({ client }: Session, known: Met | null): Promise<Changed> {
  const horizon = horizonOf(known ?? {})
  const found: Payment[] = []
  for (let offset = 0; ; offset += pageSize) {
    const { payments } = await client.get('/payments', paymentList, {
      fields: 'id,payment_collection.id,payment_collection.updated_at,payment_collection.order.id',
      order: '-payment_collection.updated_at',
      limit: pageSize,
      offset,
    })
    const fresh = payments.filter(each => stampOf(each) >= horizon)
    found.push(...fresh)
    if (known === null || payments.length < pageSize || fresh.length < payments.length) break
  }
  const changed = found.filter(each => known?.[each.payment_collection.id] !== stampOf(each))
  const seen = Object.fromEntries(found.map(each => [each.payment_collection.id, stampOf(each)]))
  const met = { ...known, ...seen }
  const kept = Object.entries(met).filter(([, stamp]) => stamp >= horizonOf(met))
  return {
    orders:
      known === null ? [] : [...new Set(changed.flatMap(each => each.payment_collection.order?.id ?? []))],
    payments: known === null ? [] : changed.map(({ id }) => id),
    met: Object.fromEntries(kept),
  }
}

function horizonOf(met: Met): string {
  const newest = Object.values(met).reduce((left, right) => (left > right ? left : right), '')
  return newest === '' ? '' : new Date(Date.parse(newest) - overlapMs).toISOString()
}

const stampOf = ({ payment_collection }: Payment) => payment_collection.updated_at

const payment = z.object({
  id: z.string(),
  payment_collection: z.object({
    id: z.string(),
    updated_at: z.string(),
    order: z.object({ id: z.string() }).nullish(),
  }),
})
type Payment = z.infer<typeof payment>
const paymentList = z.object({ payments: z.array(payment) })
