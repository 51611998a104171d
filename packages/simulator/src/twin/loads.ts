import type { Load, LoadMove } from '@linchpin/store'
import { by, json, keyOf, type Tables } from './tables.ts'

export function claimLoad(
  tables: Tables,
  { flow, leaseMs, now }: { flow: string; leaseMs: number; now: number },
): Load | null {
  const row = tables.loads.get(flow)
  if (!row || (row.leaseUntil !== null && row.leaseUntil > now)) return null
  row.leaseUntil = now + leaseMs
  row.fence += 1
  return { flow, fence: row.fence, state: row.state }
}

export function setLoad(tables: Tables, flow: string, state: unknown, fresh: boolean): void {
  if (fresh) for (const key of tables.met.keys()) if (key.startsWith(keyOf(flow, ''))) tables.met.delete(key)
  const fence = tables.loads.get(flow)?.fence ?? -1
  tables.loads.set(flow, { flow, state: json(state), leaseUntil: null, fence: fence + 1 })
}

export function meet(
  tables: Tables,
  { flow, page, ids }: { flow: string; page: number; ids: readonly string[] },
): readonly string[] {
  const isNew = (id: string) => {
    const key = keyOf(flow, id)
    const known = tables.met.get(key) ?? page
    tables.met.set(key, known)
    return known === page
  }
  return [...new Set(ids)].filter(isNew).toSorted()
}

export function saveLoad(tables: Tables, { load, state, leaseUntil }: LoadMove): boolean {
  const row = tables.loads.get(load.flow)
  if (row?.fence !== load.fence) return false
  row.state = json(state)
  row.leaseUntil = leaseUntil
  return true
}

export function loads(tables: Tables): readonly { readonly flow: string; readonly state: unknown }[] {
  return [...tables.loads.values()].toSorted(by(row => row.flow)).map(({ flow, state }) => ({ flow, state }))
}

export function inLine(tables: Tables, flow: string, most: number): number {
  const isInLine = ({ state }: { readonly state: string }) => state === 'ready' || state === 'running'
  const count = [...tables.deliveries.values()].filter(row => row.flow === flow && isInLine(row)).length
  return Math.min(count, most)
}
