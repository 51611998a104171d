import type { ConnectionState, FlowState, Pause, PauseTarget, Registration } from '@linchpin/store'
import { write } from './journal.ts'
import { batchState, endRuns } from './runs.ts'
import { by, keyOf, type Tables } from './tables.ts'

export function register(tables: Tables, setup: Registration, now: number): void {
  for (const { name, connector } of setup.connections) {
    const known = tables.connections.get(name)
    const fresh = {
      paused: null,
      blockedUntil: null,
      leftAloneUntil: null,
      failures: 0,
      tokens: null,
      tokensAt: null,
    }
    if (known) known.connector = connector
    else tables.connections.set(name, { name, connector, ...fresh })
  }
  for (const flow of tables.flows.values()) flow.active = false
  for (const flow of setup.flows) {
    const known = tables.flows.get(flow.name)
    const { since, paused } = known ?? { since: now, paused: null }
    const { batch, ...rest } = flow
    const batchSince = batch ? (known?.batchSince ?? now) : null
    tables.flows.set(flow.name, { ...rest, active: true, since, paused, batchSince })
  }
  endRuns(tables, now)
  for (const { connection, entity, by: dueBy = Infinity } of setup.polls) {
    const key = keyOf(connection, entity)
    const known = tables.polls.get(key)
    if (known?.failures === 0) known.nextAt = Math.min(known.nextAt, dueBy)
    if (known) continue
    const counts = { fence: 0, rounds: 0, failures: 0 }
    const blank = { cursor: null, leaseUntil: null, finishedAt: null, problem: null }
    const caught = { caughtUpAt: null, firstCaughtUpAt: null }
    const nextAt = Math.min(now, dueBy)
    tables.polls.set(key, { connection, entity, nextAt, ...counts, ...blank, ...caught })
  }
}

export function connectionStates(tables: Tables): readonly ConnectionState[] {
  const polls = [...tables.polls.values()].toSorted(by(row => row.entity))
  return [...tables.connections.values()]
    .toSorted(by(row => row.name))
    .map(({ name, connector, paused, blockedUntil, leftAloneUntil, failures }) => ({
      name,
      connector,
      paused: paused && { ...paused },
      blockedUntil: later(blockedUntil, leftAloneUntil),
      leftAloneUntil,
      failures,
      polls: polls
        .filter(row => row.connection === name)
        .map(({ entity, nextAt, finishedAt, rounds, problem }) => ({
          entity,
          nextAt,
          finishedAt,
          rounds,
          problem,
        })),
    }))
}

export function flowStates(tables: Tables): readonly FlowState[] {
  return [...tables.flows.values()]
    .toSorted(
      by(
        row => row.priority,
        row => row.name,
      ),
    )
    .map(({ name, entity, from, to, active, since, paused, batchSince }) => ({
      batch: batchState(tables, name, batchSince),
      name,
      entity,
      from,
      to,
      active,
      since,
      paused,
    }))
}

export function pause(tables: Tables, { target, who, reason, kind }: Pause, now: number): void {
  if ('flow' in target) {
    const row = tables.flows.get(target.flow)
    if (row) row.paused = { at: now, by: who, reason }
  } else {
    const row = tables.connections.get(target.connection)
    // What a person paused is not paused over by us.
    if (row && (row.paused === null || (kind === null && row.paused.kind !== 'restored')))
      row.paused = { at: now, by: who, reason, kind }
  }
  write(tables, [{ ...target, who, what: 'paused', words: reason }], now)
  tables.rings.add('control *')
}

export function resume(tables: Tables, target: PauseTarget, who: string, now: number): boolean {
  const row = 'flow' in target ? tables.flows.get(target.flow) : tables.connections.get(target.connection)
  if (!row?.paused) return false
  if ('failures' in row)
    Object.assign(row, { blockedUntil: null, failures: row.paused.kind === 'restored' ? 0 : 3 })
  row.paused = null
  write(tables, [{ ...target, who, what: 'resumed', words: 'Resumed.' }], now)
  tables.rings.add('*')
  return true
}

const later = (one: number | null, other: number | null) =>
  one === null || other === null ? (one ?? other) : Math.max(one, other)

export function block(tables: Tables, connection: string, until: number | null): number {
  const row = tables.connections.get(connection)
  if (!row) return 0
  if (until !== null) {
    row.blockedUntil = Math.max(until, row.blockedUntil ?? until)
    tables.rings.add('control *')
  }
  row.failures = until === null ? 0 : row.failures + 1
  return row.failures
}

export function leaveAlone(tables: Tables, connection: string, until: number): void {
  const row = tables.connections.get(connection)
  if (!row || (row.leftAloneUntil ?? -Infinity) >= until) return
  row.leftAloneUntil = until
  tables.rings.add('control *')
}

export function disturb(tables: Tables, connection: string, who: string, now: number): boolean {
  const row = tables.connections.get(connection)
  if (!row || (row.leftAloneUntil ?? -Infinity) <= now) return false
  const words = `Resumed, although it had asked to be left alone until ${new Date(row.leftAloneUntil ?? 0).toISOString()}.`
  row.leftAloneUntil = null
  for (const each of tables.deliveries.values())
    if (each.to === connection && each.state === 'later' && each.problemKind === 'busy')
      each.runAt = Math.min(each.runAt, now)
  for (const each of tables.notices.values())
    if (each.connection === connection && each.state === 'later' && each.tries > 0)
      each.runAt = Math.min(each.runAt, now)
  for (const each of tables.polls.values())
    if (each.connection === connection && each.problem !== null) each.nextAt = Math.min(each.nextAt, now)
  write(tables, [{ connection, who, what: 'resumed', words }], now)
  tables.rings.add('*')
  return true
}

/** A bucket that may be overdrawn: who comes too early waits for what was overdrawn, in the order of asking. */
export function spend(
  tables: Tables,
  spend: { connection: string; cost: number; requests: number; perMs: number; now: number },
): number {
  const { cost, requests, perMs, now } = spend
  const row = tables.connections.get(spend.connection)
  if (!row) return 0
  const filled = row.tokensAt === null ? 0 : (Math.max(0, now - row.tokensAt) * requests) / perMs
  row.tokens = Math.min(requests, (row.tokens ?? requests) + filled) - cost
  row.tokensAt = Math.max(now, row.tokensAt ?? now)
  return row.tokens >= 0 ? 0 : Math.ceil((-row.tokens * perMs) / requests)
}

export function beat(tables: Tables, node: string, now: number, deadAfterMs: number): void {
  tables.nodes.set(node, now)
  for (const [name, seenAt] of tables.nodes) if (seenAt < now - deadAfterMs) tables.nodes.delete(name)
  for (const row of tables.deliveries.values())
    if (row.state === 'running' && (row.leaseUntil ?? 0) > now && !tables.nodes.has(row.node ?? ''))
      row.leaseUntil = Math.min(row.leaseUntil ?? 0, Math.max(now, row.sendBy ?? 0))
}
