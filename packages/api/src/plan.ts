import { add } from '@linchpin/model'
import { z } from 'zod'
import type { Client } from './client.ts'
import { planned, told, type PlannedAnswer, type ToldAnswer } from './shapes.ts'

/** What a plan says of one flow. */
const flowPlan = z.object({
  flow: z.string(),
  from: z.string(),
  to: z.string(),
  /** How fresh the source is over the bus; null: it was asked then. */
  told: told.nullable().default(null),
  /** How many records would be created, updated, linked, and so on. */
  counts: z.record(z.string(), z.int()),
  /** What those that would be created are worth, by currency. */
  worth: z.record(z.string(), z.string()),
  /** What `apply` does. */
  steps: z.array(planned),
  /** What needs a person, or waits for another record. */
  others: z.array(
    z.object({ id: z.string(), label: z.string().nullable(), would: z.string(), words: z.string() }),
  ),
})
export type FlowPlan = z.infer<typeof flowPlan>

/** What `linchpin plan` writes and `linchpin apply` reads. */
export const planFile = z.object({
  kind: z.literal('linchpin plan'),
  version: z.literal(1),
  at: z.iso.datetime(),
  flows: z.array(flowPlan),
  notPlanned: z.array(z.object({ flow: z.string(), why: z.string() })),
})
export type PlanFile = z.infer<typeof planFile>

export interface PlanRequest {
  readonly flow: string
  readonly since?: string
  readonly ids?: string[]
}

const DOES = new Set(['create', 'update', 'link'])

/** All of a flow's plan, page by page; each record once. Kept is only what would be done, or needs somebody. */
export async function planFlow(
  client: Client,
  request: PlanRequest,
  ends: { readonly from: string; readonly to: string },
  read: (records: number) => void,
): Promise<FlowPlan> {
  const seen = new Set<string>()
  const found: FlowPlan = {
    flow: request.flow,
    ...ends,
    told: null,
    counts: {},
    worth: {},
    steps: [],
    others: [],
  }
  for (let cursor: string | null = null; ;) {
    const page: Awaited<ReturnType<Client['plan']>> = await client.plan({ ...request, cursor })
    for (const step of page.planned) if (!seen.has(step.id)) take(step, found)
    for (const { id } of page.planned) seen.add(id)
    found.told = fresher(found.told, page.told)
    read(seen.size)
    if (page.next === null) return found
    cursor = page.next
  }
}

/** Of two pages: each tells of its own records. */
export function fresher(left: ToldAnswer | null, right: ToldAnswer | null): ToldAnswer | null {
  if (left === null || right === null) return left ?? right
  return (left.at ?? '') > (right.at ?? '') ? left : right
}

function take(step: PlannedAnswer, { counts, worth, steps, others }: FlowPlan): void {
  const { id, label, would, words } = step
  counts[would] = (counts[would] ?? 0) + 1
  if (DOES.has(would)) steps.push(step)
  if (would === 'park' || would === 'wait') others.push({ id, label, would, words })
  if (would === 'create' && step.worth !== null) {
    const { amount, currency } = step.worth
    worth[currency] = add(worth[currency] ?? '0', amount)
  }
}
