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
import type { Publishing } from './bus/outbox.ts'
import {
  beat,
  block,
  connections,
  disturb,
  flows,
  leaveAlone,
  pause,
  register,
  resume,
  spend,
} from './connections.ts'
import type { Db } from './db.ts'
import { claimDeliveries, intend, owe, wake } from './deliveries.ts'
import { file, saveFile, saveSecret, secret } from './files.ts'
import { write as writeJournal } from './journal.ts'
import { links, saveLink } from './links.ts'
import { unlink } from './unlink.ts'
import { claimLoad, inLine, loads, meet, saveLoad, setLoad } from './loads.ts'
import { claimNotices, notify, retryNotices } from './notices.ts'
import { answerUnknown, parked, retryParked, skipParked, status } from './parked.ts'
import { claimPoll, finishPoll } from './polls.ts'
import { missing, record, saveRead } from './records.ts'
import { beginRun, runs, turnRun } from './runs.ts'
import { markLinks, newestLinks, recover } from './restored.ts'
import { settle } from './settle.ts'
import { openDemand } from './stock.ts'
import type { Store } from './store.ts'
import { search, trace } from './trace.ts'
import { writtenFrom } from './written.ts'

/** The store on PostgreSQL: the one that counts. On a bus it also notes, in the same transactions, what is to be told there. */
export function pgStore(db: Db, publishing: Publishing | null = null): Store {
  return {
    register: (setup, now) => register(db, setup, now),
    notify: (hints, now) => notify(db, hints, now),
    claimNotices: claim => claimNotices(db, claim),
    retryNotices: (notices, at) => retryNotices(db, notices, at),
    claimPoll: claim => claimPoll(db, claim),
    finishPoll: (poll, finish) => finishPoll(db, poll, finish),
    saveRead: page => saveRead(db, page, publishing),
    missing: (connection, entity) => missing(db, connection, entity),
    owe: (duties, now) => owe(db, duties, now),
    claimDeliveries: claim => claimDeliveries(db, claim),
    intend: (intents, now) => intend(db, intents, now),
    writtenFrom: echo => writtenFrom(db, echo),
    settle: (settlements, now) => settle(db, settlements, now, publishing),
    beginRun: (run, now) => beginRun(db, run, now),
    turnRun: (flow, now) => turnRun(db, flow, now),
    runs: query => runs(db, query),
    claimLoad: claim => claimLoad(db, claim),
    setLoad: (flow, state, fresh) => setLoad(db, flow, state, fresh),
    meet: page => meet(db, page),
    saveLoad: move => saveLoad(db, move),
    loads: () => loads(db),
    inLine: (flow, most) => inLine(db, flow, most),
    links: requests => links(db, requests),
    saveLink: (link, now) => saveLink(db, link, now, publishing),
    unlink: (unlinking, now) => unlink(db, unlinking, now, publishing),
    newestLinks: query => newestLinks(db, query),
    markLinks: (connection, are, links) => markLinks(db, connection, are, links),
    recover: (recovery, now) => recover(db, recovery, now, publishing),
    wake: now => wake(db, now),
    connections: () => connections(db),
    flows: () => flows(db),
    pause: (what, now) => pause(db, what, now),
    resume: (target, who, now) => resume(db, target, who, now),
    block: (connection, until) => block(db, connection, until),
    leaveAlone: (connection, until) => leaveAlone(db, connection, until),
    disturb: (connection, who, now) => disturb(db, connection, who, now),
    spend: what => spend(db, what),
    openDemand: (connection, product) => openDemand(db, connection, product),
    claimComparison: claim => claimComparison(db, claim),
    saveComparison: (comparison, page, now) => saveComparison(db, comparison, page, now),
    comparedPairs: query => comparedPairs(db, query),
    unequalPairs: query => unequalPairs(db, query),
    comparedRows: query => comparedRows(db, query),
    owed: (flow, ids) => owed(db, flow, ids),
    unanswered: (flow, ids) => unanswered(db, flow, ids),
    discrepancies: query => discrepancies(db, query),
    comparisonState: flow => comparisonState(db, flow),
    file: key => file(db, key),
    saveFile: (key, saved, now) => saveFile(db, key, saved, now),
    beat: (node, now, deadAfterMs) => beat(db, node, now, deadAfterMs),
    record: key => record(db, key),
    search: (value, limit) => search(db, value, limit),
    trace: keys => trace(db, keys),
    status: () => status(db),
    parked: filter => parked(db, filter),
    retryParked: (which, who, now) => retryParked(db, which, who, now),
    skipParked: (which, who, reason, now) => skipParked(db, which, who, reason, now, publishing),
    answerUnknown: (which, arrived, who, now) => answerUnknown(db, which, arrived, who, now, publishing),
    journal: (entry, now) => writeJournal(db.query, [entry], now),
    secret: (connection, name) => secret(db, connection, name),
    saveSecret: (connection, name, sealed, now) => saveSecret(db, connection, name, sealed, now),
    listen: hear => db.listen(hear),
    close: () => db.close(),
  }
}

/** How far the database's clock is ahead of ours, in ms: all nodes tell the time by the database. */
export async function clockOffset(db: Db, now: () => number): Promise<number> {
  const before = now()
  const [row] = await db.query<{ now: number }>('clock', 'select clock_timestamp() "now"')
  return Math.round((row?.now ?? before) - (before + now()) / 2)
}
