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

/** Whether the sale is on at an instant, and the instant (ms since 1970) at which that changes; null when it stays. */
export function saleNow({ sale }: Scheduled, now: number): { isOn: boolean; again: number | null } {
  if (!sale) return { isOn: false, again: null }
  const from = sale.from === undefined ? -Infinity : Date.parse(sale.from)
  const to = sale.to === undefined ? Infinity : Date.parse(sale.to)
  if (now >= to || to <= from) return { isOn: false, again: null }
  if (now < from) return { isOn: false, again: from }
  return { isOn: true, again: to === Infinity ? null : to }
}
