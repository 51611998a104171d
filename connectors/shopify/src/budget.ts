import { Problem } from '@linchpin/connector'
import type { GraphQlAnswer, ThrottleStatus } from './http.ts'

/**
 * What Shopify lets us ask for: a bucket of points that fills at a constant rate. It takes what a question could cost
 * at most, and gives back what it did not (https://shopify.dev/docs/api/usage/limits). A question that does not fit
 * into the bucket is refused with THROTTLED, so it is not even sent.
 */
export class Budget {
  #seen: { readonly status: ThrottleStatus; readonly at: number } | null = null
  readonly #requested = new Map<string, number>()
  readonly #actual = new Map<string, number>()

  /** What this operation has really cost of late: what Linchpin's own meter should count. */
  expected(operation: string): number {
    return this.#actual.get(operation) ?? this.#requested.get(operation) ?? 10
  }

  /** Throws `busy` when the bucket certainly holds too little. Of an operation that was never asked nothing is known. */
  claim(operation: string, now: number): void {
    const cost = this.#requested.get(operation)
    if (this.#seen === null || cost === undefined) return
    const { status, at } = this.#seen
    const restored = ((now - at) / 1000) * status.restoreRate
    const available = Math.min(status.maximumAvailable, status.currentlyAvailable + restored)
    if (available < cost) throw wait(cost - available, status)
    this.#seen = { status: { ...status, currentlyAvailable: available - cost }, at: now }
  }

  /** Keeps what an answer says of its cost. */
  learn(operation: string, { extensions }: GraphQlAnswer, now: number): void {
    const cost = extensions?.cost
    if (!cost) return
    if (typeof cost.requestedQueryCost === 'number') this.#requested.set(operation, cost.requestedQueryCost)
    if (typeof cost.actualQueryCost === 'number') this.#actual.set(operation, cost.actualQueryCost)
    if (cost.throttleStatus) this.#seen = { status: cost.throttleStatus, at: now }
  }

  /** How long until a question that was refused for its cost can be asked. */
  refused(operation: string): Problem {
    const cost = this.#requested.get(operation) ?? 0
    const status = this.#seen?.status
    if (!status) return new Problem('busy', 'Shopify asks us to wait.', { retryAfterMs: 1000 })
    return wait(cost - status.currentlyAvailable, status)
  }
}

function wait(missing: number, { restoreRate }: ThrottleStatus): Problem {
  const ms = Math.max(1000, Math.ceil((missing / restoreRate) * 1000))
  return new Problem('busy', `Shopify's budget is used up for the next ${Math.ceil(ms / 1000)} s.`, {
    retryAfterMs: ms,
  })
}
