import type { Db } from '@linchpin/store'
import { by, keyOf, type Tables } from './tables.ts'

/** Everything that both stores know, in one form. Numbers of turns are told as ranks: only their order means anything. */
export type Dump = Readonly<Record<string, readonly unknown[]>>

export function dumpOfTwin(tables: Tables): Dump {
  const rows = <Row>(map: ReadonlyMap<string, Row>) =>
    [...map].toSorted(by(([key]) => key)).map(([, row]) => row)
  const records = rows(tables.records)
  return {
    connections: rows(tables.connections),
    polls: rows(tables.polls),
    records: records.map(({ references: _references, parents: _parents, ...row }) => row),
    references: flat(records, row => row.references.map(({ kind, value }) => [row.id, kind, value])),
    parents: flat(records, row => row.parents.map(({ entity, id }) => [row.id, entity, id])),
    notices: ranked(rows(tables.notices)),
    deliveries: ranked(rows(tables.deliveries)),
    waiting: rows(tables.waiting),
    loads: rows(tables.loads),
    met: [...tables.met].toSorted(by(([key]) => key)).map(([key, page]) => [...key.split('\u0000'), page]),
    runs: [...tables.runs.values()].toSorted(by(row => keyOf(row.flow, String(row.dueAt)))),
    flows: [...tables.flows.values()]
      .map(({ name, batchSince }) => ({ name, batchSince }))
      .toSorted(by(row => row.name)),
    links: tables.links.toSorted(by(row => keyOf(row.entity, row.left, row.right, row.leftId, row.rightId))),
    unlinked: [...tables.unlinked]
      .map(([key, at]) => [...key.split('\u0000'), at])
      .toSorted(by(row => keyOf(...row.slice(0, -1)))),
    written: [...tables.written].toSorted(by(([key]) => key)).map(([, row]) => row),
    attempts: [...tables.attempts.values()].toSorted(
      by(
        row => row.flow,
        row => row.id,
        row => row.attempt,
      ),
    ),
    demand: tables.demand.toSorted(by(row => keyOf(row.connection, row.order, row.product))),
    comparisons: rows(tables.comparisons),
    compared: [...tables.compared.values()].toSorted(by(row => keyOf(row.flow, row.side, row.id))),
    discrepancies: [...tables.discrepancies.values()].toSorted(by(row => keyOf(row.flow, row.side, row.id))),
    journal: tables.journal.map(row => [
      row.at,
      row.entity ?? null,
      row.id ?? null,
      row.who,
      row.what,
      row.words,
    ]),
    nodes: [...tables.nodes].toSorted(by(([name]) => name)),
  }
}

const flat = <Row>(rows: readonly Row[], list: (row: Row) => readonly (readonly string[])[]) =>
  rows.flatMap(list).toSorted(by(row => keyOf(...row)))

function ranked<Row extends { readonly seq: number }>(rows: readonly Row[]): readonly Row[] {
  const order = rows.map(row => row.seq).toSorted((left, right) => left - right)
  return rows.map(row => ({ ...row, seq: order.indexOf(row.seq) }))
}

export async function dumpOfPostgres(db: Db): Promise<Dump> {
  const dump: Record<string, readonly unknown[]> = {}
  for (const [name, sql] of Object.entries(SELECT)) {
    const rows = await db.query<{ row: unknown }>(`dump-${name}`, sql)
    dump[name] = POSITIONAL.has(name) ? rows.map(row => Object.values(row)) : rows
  }
  const connections = dump['connections'] as readonly Paused[]
  dump['connections'] = connections.map(({ at, by, reason, kind, ...row }) => ({
    ...row,
    paused: at === null ? null : { at, by, reason, kind },
  }))
  return dump
}

interface Paused {
  readonly at: number | null
  readonly by: string
  readonly reason: string
  readonly kind: string | null
}

const POSITIONAL = new Set(['met', 'references', 'parents', 'journal', 'nodes', 'unlinked'])

const SELECT: Readonly<Record<string, string>> = {
  connections: `select name, connector, paused_at "at", paused_by "by", paused_reason reason, paused_kind kind,
    blocked_until "blockedUntil", left_alone_until "leftAloneUntil", failures, tokens, tokens_at "tokensAt" from connection order by name`,
  polls: `select connection, entity, cursor, next_at "nextAt", lease_until "leaseUntil", fence,
    finished_at "finishedAt", rounds, failures, problem, caught_up_at "caughtUpAt",
    first_caught_up_at "firstCaughtUpAt" from poll order by connection, entity`,
  records: `select connection, entity, id, version, hash, row, canonical, problem, read_at "readAt",
    changed_at "changedAt", missed_at "missedAt", gone_at "goneAt" from record order by connection, entity, id`,
  references: 'select id, kind, value from reference order by id, kind, value',
  parents: 'select id, parent_entity, parent_id from parent order by id, parent_entity, parent_id',
  notices: `select connection, entity, id, cause, force, state, (rank() over (order by seq) - 1)::int seq, gen,
    claimed_gen "claimedGen", run_at "runAt", again_at "againAt", again_cause "againCause", lease_until "leaseUntil", fence, tries
    from notice order by connection, entity, id`,
  deliveries: `select flow, id, entity, from_connection "from", to_connection "to", lane, state,
    (rank() over (order by seq) - 1)::int seq, force, gen, claimed_gen "claimedGen", owed_at "owedAt", run_at "runAt",
    lease_until "leaseUntil", node, fence, tries, attempt, intent, intent_key "intentKey", send_by "sendBy",
    settled_by "settledBy", unanswered_by "unansweredBy", doubt_hash "doubtHash", sent_hash "sentHash", expect, era, problem_kind "problemKind", problem,
    parked_at "parkedAt",
    worth::text worth, currency, settled_at "settledAt", read_after "readAfter", sure_since "sureSince" from delivery order by flow, id`,
  waiting: `select flow, id, entity, from_connection "from", from_id "fromId", to_connection "to"
    from waiting order by 1, 2, 3, 4, 5, 6`,
  met: 'select flow, id, page from load_seen order by flow, id',
  loads: 'select flow, state, lease_until "leaseUntil", fence from load order by flow',
  runs: `select flow, due_at "dueAt", left_out "leftOut", began_at "beganAt", cut_at "cutAt", ended_at "endedAt", read,
    created, updated, unchanged, skipped, parked from run order by flow, due_at`,
  flows: 'select name, batch_since "batchSince" from flow order by name',
  links: `select entity, left_connection "left", left_id "leftId", right_connection "right", right_id "rightId", alias,
    how, flow, at, missing_in "missingIn" from link order by entity, left_connection, right_connection, left_id, right_id`,
  unlinked: `select entity, left_connection, right_connection, left_id, right_id, at from unlinked
    order by entity, left_connection, right_connection, left_id, right_id`,
  written: `select version, from_connection "from", source_hash "sourceHash", bounces, at from written order by connection, entity, id`,
  attempts: `select flow, id, attempt, at, ended_at "endedAt", node, operation, key, request, outcome,
    target_id "targetId", problem_kind "problemKind", problem from attempt order by flow, id, attempt`,
  demand: `select connection, order_id "order", product, quantity::text quantity
    from demand order by connection, order_id, product`,
  comparisons: 'select flow, state, lease_until "leaseUntil", fence from comparison order by flow',
  compared: 'select flow, side, id, other, state, facts, at from compared order by flow, side, id',
  discrepancies: 'select flow, side, id, kind, detail, since, at from discrepancy order by flow, side, id',
  journal: 'select at, entity, id, who, what, words from journal order by seq',
  nodes: 'select name, seen_at from node order by name',
}

export async function clear(db: Db): Promise<void> {
  const tables =
    'connection flow run load load_seen poll record record_history reference parent notice delivery waiting link unlinked written'
  const more = 'memory attempt journal demand price_history file secret node comparison compared discrepancy'
  for (const table of `${tables} ${more}`.split(' ')) await db.query(`empty-${table}`, `delete from ${table}`)
}
