import type { Store } from '@linchpin/store'
import {
  claimComparison,
  comparedPairs,
  unequalPairs,
  comparedRows,
  comparisonState,
  discrepancies,
  owed,
  unanswered,
  saveComparison,
} from './comparisons.ts'
import {
  beat,
  block,
  connectionStates,
  disturb,
  flowStates,
  leaveAlone,
  pause,
  register,
  resume,
  spend,
} from './connections.ts'
import { claimDeliveries, intend, owe, wake } from './deliveries.ts'
import { file, saveFile } from './files.ts'
import { findLinks, saveLink, unlink } from './links.ts'
import { claimLoad, inLine, loads, meet, saveLoad, setLoad } from './loads.ts'
import { claimNotices, notify, retryNotices } from './notices.ts'
import { answerUnknown, parked, retryParked, skipParked, status } from './parked.ts'
import { claimPoll, finishPoll } from './polls.ts'
import { write } from './journal.ts'
import { missing, record, saveRead, writtenFrom } from './records.ts'
import { beginRun, runs, turnRun } from './runs.ts'
import { markLinks, newestLinks, recover } from './restored.ts'
import { settle } from './settle.ts'
import { openDemand } from './stock.ts'
import { emptyTables, json, keyOf, type Tables } from './tables.ts'
import { search, trace } from './trace.ts'

export interface Twin extends Store {
  /** The rows as they are: to look at, not to change. */
  readonly tables: Tables
  /** Everything that it knows, as plain values: for a debugger, or to compare two runs. */
  readonly snapshot: () => unknown
  /** Remembers how all stands. What it answers brings that back, as a replica does that was behind: the rest is forgotten. */
  readonly keep: () => (now: number) => void
}

/** The store in memory: what PostgreSQL promises, said in another way. Every method is one transaction. */
export function createTwin(): Twin {
  const tables = emptyTables()
  const listeners = new Set<(topic: string) => void>()
  // Nothing is awaited inside, so that no other transaction can come between; the bell rings when it is over.
  const transaction = async <Result>(work: () => Result): Promise<Result> => {
    const result = work()
    const topics = [...tables.rings]
    tables.rings.clear()
    for (const topic of topics) for (const hear of listeners) hear(topic)
    return result
  }
  return {
    tables,
    snapshot: () => snapshot(tables),
    keep() {
      const kept = structuredClone(tables)
      return now => {
        Object.assign(tables, kept, { lostAt: now })
        for (const hear of listeners) hear('*')
      }
    },
    register: (setup, now) => transaction(() => register(tables, setup, now)),
    notify: (hints, now) => transaction(() => notify(tables, hints, now)),
    claimNotices: claim => transaction(() => claimNotices(tables, claim)),
    retryNotices: (notices, at) => transaction(() => retryNotices(tables, notices, at)),
    claimPoll: claim => transaction(() => claimPoll(tables, claim)),
    finishPoll: (poll, finish) => transaction(() => finishPoll(tables, poll, finish)),
    saveRead: page => transaction(() => saveRead(tables, page)),
    missing: (connection, entity) => transaction(() => missing(tables, connection, entity)),
    owe: (duties, now) => transaction(() => owe(tables, duties, now)),
    claimDeliveries: claim => transaction(() => claimDeliveries(tables, claim)),
    intend: (intents, now) => transaction(() => intend(tables, intents, now)),
    writtenFrom: echo => transaction(() => writtenFrom(tables, echo)),
    settle: (settlements, now) => transaction(() => settle(tables, settlements, now)),
    beginRun: (run, now) => transaction(() => beginRun(tables, run, now)),
    turnRun: (flow, now) => transaction(() => turnRun(tables, flow, now)),
    runs: query => transaction(() => runs(tables, query)),
    claimLoad: claim => transaction(() => claimLoad(tables, claim)),
    setLoad: (flow, state, fresh) => transaction(() => setLoad(tables, flow, state, fresh)),
    meet: page => transaction(() => meet(tables, page)),
    saveLoad: move => transaction(() => saveLoad(tables, move)),
    loads: () => transaction(() => loads(tables)),
    inLine: (flow, most) => transaction(() => inLine(tables, flow, most)),
    links: requests => transaction(() => findLinks(tables, requests)),
    saveLink: (link, now) => transaction(() => saveLink(tables, link, now)),
    unlink: (unlinking, now) => transaction(() => unlink(tables, unlinking, now)),
    newestLinks: query => transaction(() => newestLinks(tables, query)),
    markLinks: (connection, are, links) => transaction(() => markLinks(tables, connection, are, links)),
    recover: (recovery, now) => transaction(() => recover(tables, recovery, now)),
    wake: now => transaction(() => wake(tables, now)),
    connections: () => transaction(() => connectionStates(tables)),
    flows: () => transaction(() => flowStates(tables)),
    pause: (what, now) => transaction(() => pause(tables, what, now)),
    resume: (target, who, now) => transaction(() => resume(tables, target, who, now)),
    block: (connection, until) => transaction(() => block(tables, connection, until)),
    leaveAlone: (connection, until) => transaction(() => leaveAlone(tables, connection, until)),
    disturb: (connection, who, now) => transaction(() => disturb(tables, connection, who, now)),
    spend: what => transaction(() => spend(tables, what)),
    openDemand: (connection, product) => transaction(() => openDemand(tables, connection, product)),
    claimComparison: claim => transaction(() => claimComparison(tables, claim)),
    saveComparison: (comparison, page, now) =>
      transaction(() => saveComparison(tables, comparison, page, now)),
    comparedPairs: query => transaction(() => comparedPairs(tables, query)),
    unequalPairs: query => transaction(() => unequalPairs(tables, query)),
    comparedRows: query => transaction(() => comparedRows(tables, query)),
    owed: (flow, ids) => transaction(() => owed(tables, flow, ids)),
    unanswered: (flow, ids) => transaction(() => unanswered(tables, flow, ids)),
    discrepancies: query => transaction(() => discrepancies(tables, query)),
    comparisonState: flow => transaction(() => comparisonState(tables, flow)),
    file: key => transaction(() => file(tables, key)),
    saveFile: (key, saved, now) => transaction(() => saveFile(tables, key, saved, now)),
    beat: (node, now, deadAfterMs) => transaction(() => beat(tables, node, now, deadAfterMs)),
    record: key => transaction(() => record(tables, key)),
    search: (value, limit) => transaction(() => search(tables, value, limit)),
    trace: keys => transaction(() => trace(tables, keys)),
    status: () => transaction(() => status(tables)),
    parked: filter => transaction(() => parked(tables, filter)),
    retryParked: (which, who, now) => transaction(() => retryParked(tables, which, who, now)),
    skipParked: (which, who, reason, now) => transaction(() => skipParked(tables, which, who, reason, now)),
    answerUnknown: (which, arrived, who, now) =>
      transaction(() => answerUnknown(tables, which, arrived, who, now)),
    journal: (entry, now) => transaction(() => write(tables, [entry], now)),
    secret: (connection, name) => transaction(() => tables.secrets.get(keyOf(connection, name)) ?? null),
    saveSecret: (connection, name, sealed) =>
      transaction(() => void tables.secrets.set(keyOf(connection, name), sealed)),
    async listen(hear) {
      listeners.add(hear)
      return async () => void listeners.delete(hear)
    },
    close: async () => {},
  }
}

function snapshot(tables: Tables): unknown {
  const plain = (value: unknown): unknown =>
    value instanceof Map || value instanceof Set ? [...value.values()] : value
  return json(Object.fromEntries(Object.entries(tables).map(([name, value]) => [name, plain(value)])))
}
