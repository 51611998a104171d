import type {
  Cause,
  Compared,
  FlowState,
  FoundDiscrepancy,
  JournalEntry,
  RecordKey,
  Registration,
  Run,
  StoredFile,
} from '@linchpin/store'
import type { EntityName } from '@linchpin/model'

/** The rows that the migrations describe, in memory. Times are milliseconds; null is SQL's null. */
export interface Tables {
  readonly connections: Map<string, ConnectionRow>
  readonly flows: Map<string, FlowRow>
  readonly polls: Map<string, PollRow>
  readonly records: Map<string, RecordRow>
  readonly notices: Map<string, NoticeRow>
  readonly deliveries: Map<string, DeliveryRow>
  readonly waiting: Map<string, WaitingRow>
  readonly runs: Map<string, RunRow>
  readonly loads: Map<string, LoadRow>
  /** What a look has met, and on which page. */
  readonly met: Map<string, number>
  readonly links: LinkRow[]
  /** What was linked and is no longer, by its key: when that was said. */
  readonly unlinked: Map<string, number>
  readonly written: Map<string, WrittenRow>
  /** Every state that was read, by its record and hash: its canonical form. */
  readonly history: Map<string, unknown>
  readonly attempts: Map<string, AttemptRow>
  readonly journal: (JournalEntry & { readonly seq: number; readonly at: number })[]
  readonly demand: DemandRow[]
  readonly comparisons: Map<string, ComparisonRow>
  readonly compared: Map<string, ComparedRow>
  readonly discrepancies: Map<string, DiscrepancyRow>
  readonly files: Map<string, StoredFile>
  readonly secrets: Map<string, string>
  readonly nodes: Map<string, number>
  /** Deliveries that run now, by target and lane. */
  readonly lanes: Set<string>
  noticeSeq: number
  deliverySeq: number
  /** When it was noticed that an older state was brought back. */
  lostAt: number | null
  /** Topics to ring when the transaction ends. */
  readonly rings: Set<string>
}

export function emptyTables(): Tables {
  return {
    connections: new Map(),
    flows: new Map(),
    polls: new Map(),
    records: new Map(),
    notices: new Map(),
    deliveries: new Map(),
    waiting: new Map(),
    runs: new Map(),
    loads: new Map(),
    met: new Map(),
    links: [],
    unlinked: new Map(),
    written: new Map(),
    history: new Map(),
    attempts: new Map(),
    journal: [],
    demand: [],
    comparisons: new Map(),
    compared: new Map(),
    discrepancies: new Map(),
    files: new Map(),
    secrets: new Map(),
    nodes: new Map(),
    lanes: new Set(),
    noticeSeq: 0,
    deliverySeq: 0,
    lostAt: null,
    rings: new Set(),
  }
}

export interface ConnectionRow {
  readonly name: string
  connector: string
  paused: { at: number; by: string; reason: string; kind: string | null } | null
  blockedUntil: number | null
  leftAloneUntil: number | null
  failures: number
  tokens: number | null
  tokensAt: number | null
}

export type FlowRow = { -readonly [Name in keyof Omit<FlowState, 'batch'>]: FlowState[Name] } & {
  priority: Registration['flows'][number]['priority']
  batchSince: number | null
  inFlightMs: number
  unseenMs: number | null
}

export type LoadRow = ComparisonRow

export type RunRow = { -readonly [Name in keyof Run]: Run[Name] }

export interface PollRow {
  readonly connection: string
  readonly entity: EntityName
  cursor: string | null
  nextAt: number
  leaseUntil: number | null
  fence: number
  finishedAt: number | null
  rounds: number
  failures: number
  problem: string | null
  caughtUpAt: number | null
  firstCaughtUpAt: number | null
}

export interface RecordRow extends RecordKey {
  version: string
  hash: string
  row: unknown
  canonical: unknown
  problem: string | null
  readAt: number
  changedAt: number
  missedAt: number | null
  goneAt: number | null
  references: readonly { readonly kind: string; readonly value: string }[]
  parents: readonly { readonly entity: EntityName; readonly id: string }[]
}

export interface NoticeRow extends RecordKey {
  cause: Cause
  force: boolean
  state: 'ready' | 'later' | 'running'
  seq: number
  gen: number
  claimedGen: number
  runAt: number
  againAt: number | null
  againCause: Cause | null
  leaseUntil: number | null
  fence: number
  tries: number
}

export type DeliveryStateName = 'ready' | 'later' | 'running' | 'waiting' | 'parked' | 'done' | 'skipped'

export interface DeliveryRow {
  readonly flow: string
  readonly id: string
  readonly entity: EntityName
  readonly from: string
  readonly to: string
  lane: string
  state: DeliveryStateName
  seq: number
  force: boolean
  gen: number
  claimedGen: number
  owedAt: number
  runAt: number
  leaseUntil: number | null
  node: string | null
  fence: number
  tries: number
  attempt: number
  intent: 'create' | 'update' | null
  intentKey: string | null
  sendBy: number | null
  settledBy: number | null
  unansweredBy: number | null
  doubtHash: string | null
  sentHash: string | null
  expect: string | null
  era: number
  problemKind: string | null
  problem: string | null
  parkedAt: number | null
  worth: string | null
  currency: string | null
  settledAt: number | null
  readAfter: number | null
  sureSince: number | null
}

export interface WaitingRow {
  readonly flow: string
  readonly id: string
  readonly entity: EntityName
  readonly from: string
  readonly fromId: string
  readonly to: string
}

export interface LinkRow {
  readonly entity: EntityName
  readonly left: string
  readonly leftId: string
  readonly right: string
  readonly rightId: string
  readonly alias: boolean
  readonly how: string
  readonly flow: string | null
  readonly at: number
  missingIn: string | null
}

export interface WrittenRow {
  readonly version: string | null
  readonly from: string
  readonly sourceHash: string | null
  readonly bounces: number
  readonly at: number
}

export interface AttemptRow {
  readonly flow: string
  readonly id: string
  readonly attempt: number
  readonly at: number
  endedAt: number | null
  readonly node: string
  readonly operation: string
  readonly key: string
  readonly request: unknown
  outcome: string | null
  targetId: string | null
  problemKind: string | null
  problem: string | null
}

export interface DemandRow {
  readonly connection: string
  readonly order: string
  readonly product: string
  readonly quantity: string
}

export interface ComparisonRow {
  readonly flow: string
  state: unknown
  leaseUntil: number | null
  fence: number
}

export interface ComparedRow extends Compared {
  readonly flow: string
  readonly at: number
}

export interface DiscrepancyRow extends FoundDiscrepancy {
  readonly flow: string
  readonly since: number
  readonly at: number
}

/** A compound key as one text. */
export const keyOf = (...parts: readonly (string | number)[]): string => parts.join('\u0000')

/** What PostgreSQL's jsonb makes of a value: no undefined, and nothing shared with the caller. */
export const json = (value: unknown): unknown =>
  value === undefined ? null : (JSON.parse(JSON.stringify(value)) as unknown)

/** Orders by these texts and numbers, as ORDER BY would. */
export function by<Row>(...columns: readonly ((row: Row) => string | number)[]) {
  return (left: Row, right: Row): number => {
    for (const column of columns) {
      const [a, b] = [column(left), column(right)]
      if (a !== b) return a < b ? -1 : 1
    }
    return 0
  }
}

/** The sum of decimals, with as many decimals as the longest: PostgreSQL's sum(numeric). */
export function sum(values: readonly string[]): string {
  const scale = Math.max(0, ...values.map(value => value.split('.')[1]?.length ?? 0))
  const total = values.reduce((all, value) => {
    const [whole = '0', part = ''] = value.split('.')
    return all + BigInt(whole + part.padEnd(scale, '0'))
  }, 0n)
  const digits = (total < 0n ? -total : total).toString().padStart(scale + 1, '0')
  const text = scale === 0 ? digits : `${digits.slice(0, -scale)}.${digits.slice(-scale)}`
  return total < 0n ? `-${text}` : text
}

export function setState(tables: Tables, row: DeliveryRow, state: DeliveryStateName): void {
  const lane = keyOf(row.to, row.lane)
  if (row.state === 'running') tables.lanes.delete(lane)
  if (state === 'running') tables.lanes.add(lane)
  row.state = state
}
