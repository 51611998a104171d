import type { Load, LoadMove } from '@linchpin/store'
import { by, json, type Tables } from './tables.ts'

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

export function setLoad(tables: Tables, flow: string, state: unknown): void {
  const fence = tables.loads.get(flow)?.fence ?? -1
  tables.loads.set(flow, { flow, state: json(state), leaseUntil: null, fence: fence + 1 })
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
