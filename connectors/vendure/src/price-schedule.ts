import { z } from 'zod'

/** A reduced price from one instant until another; either may be missing. */
export const saleSchedule = z.object({
  amount: z.string(),
  from: z.string().optional(),
  to: z.string().optional(),
})

export interface Scheduled {
  readonly list: string
  readonly sale?: z.infer<typeof saleSchedule> | undefined
}

/** The price at an instant, and the instant (ms since 1970) when that ends; null when it stays. */
export function inForce({ list, sale }: Scheduled, now: number): { amount: string; again: number | null } {
  if (!sale) return { amount: list, again: null }
  const from = sale.from === undefined ? -Infinity : Date.parse(sale.from)
  const to = sale.to === undefined ? Infinity : Date.parse(sale.to)
  if (now >= to || to <= from) return { amount: list, again: null }
  if (now < from) return { amount: list, again: from }
  return { amount: sale.amount, again: to === Infinity ? null : to }
}
