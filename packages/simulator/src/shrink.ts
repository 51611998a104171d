import { isDeepStrictEqual } from 'node:util'
import type { Plan } from './plan.ts'

type Fails = (plan: Plan) => Promise<boolean>
type Group = Readonly<Record<string, unknown>>

/**
 * The shortest plan found that still fails: faults are switched off one at a time, then there are fewer orders, fewer
 * nodes and less time, as long as it fails. `most` bounds how often it is tried.
 */
export async function shrink(plan: Plan, fails: Fails, most = 150): Promise<{ plan: Plan; tries: number }> {
  let best = plan
  let tries = 0
  for (let shorter = true; shorter && tries < most;) {
    shorter = false
    for (const next of simpler(best)) {
      if (tries >= most) break
      tries += 1
      if (!(await fails(next))) continue
      best = next
      shorter = true
      break
    }
  }
  return { plan: best, tries }
}

/** Plans with one thing less, the greatest savings first. */
function simpler(plan: Plan): readonly Plan[] {
  const plans = [...withoutGroups(plan), ...withoutFaults(plan), ...smaller(plan)]
  return plans.filter(each => !isDeepStrictEqual(each, plan))
}

const groups = (plan: Plan) =>
  Object.entries(plan as unknown as Group).filter(
    (entry): entry is [string, Group] => typeof entry[1] === 'object',
  )

function withoutGroups(plan: Plan): readonly Plan[] {
  return groups(plan).map(([name, group]) => {
    const off = Object.entries(group).map(([part, value]) => [part, switchedOff(part, value)])
    return { ...plan, [name]: Object.fromEntries(off) as Group }
  })
}

function withoutFaults(plan: Plan): readonly Plan[] {
  const alone: Plan[] = plan.clockSkewMs === 0 ? [] : [{ ...plan, clockSkewMs: 0 }]
  const parts = groups(plan).flatMap(([name, group]) =>
    Object.entries(group).map(([part, value]): Plan => {
      return { ...plan, [name]: { ...group, [part]: switchedOff(part, value) } }
    }),
  )
  return [...alone, ...parts]
}

/** How long a fault may last is no fault by itself; zero is off, and so is false. */
function switchedOff(part: string, value: unknown): unknown {
  if (/Max|stampMs/.test(part)) return value
  if (typeof value === 'number') return 0
  return typeof value === 'boolean' ? false : value
}

function smaller(plan: Plan): readonly Plan[] {
  const { orders, nodes, faultMinutes } = plan
  return [
    ...[1, Math.ceil(orders / 2), orders - 1]
      .filter(count => count > 0 && count < orders)
      .map(count => ({ ...plan, orders: count })),
    ...(nodes > 1
      ? [
          { ...plan, nodes: 1 },
          { ...plan, nodes: nodes - 1 },
        ]
      : []),
    // People need their first and their last minute.
    ...(faultMinutes > 4 ? [{ ...plan, faultMinutes: Math.max(4, Math.ceil(faultMinutes / 2)) }] : []),
    { ...plan, batch: 1 },
  ]
}

/** Where two plans differ, to be given back on the command line. */
export function difference(from: Plan, to: Plan): Group {
  const [before, after] = [from as unknown as Group, to as unknown as Group]
  return differing(before, after)
}

function differing(before: Group, after: Group): Group {
  const changed = Object.entries(after).filter(([name, value]) => !isDeepStrictEqual(before[name], value))
  return Object.fromEntries(
    changed.map(([name, value]) => [
      name,
      typeof value === 'object' ? differing(before[name] as Group, value as Group) : value,
    ]),
  )
}

/** A plan with some of it said otherwise: `{"orders":2,"net":{"late":0}}`. */
export function changedBy(plan: Plan, said: Group): Plan {
  const merged = Object.entries(said).map(([name, value]) => {
    const known = (plan as unknown as Group)[name]
    if (known === undefined) throw new RangeError(`A plan has no ${name}.`)
    return [name, typeof known === 'object' ? { ...known, ...(value as Group) } : value]
  })
  return { ...plan, ...(Object.fromEntries(merged) as Partial<Plan>) }
}
