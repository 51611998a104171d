import type { Connection } from '@linchpin/engine'
import type { ReadPage, ReadRecord } from '@linchpin/store'
import { CALM, lagging } from '../plan.ts'
import { keyOf } from '../twin/tables.ts'
import type { Twin } from '../twin/twin.ts'
import { noHooks, quiet, type Mutant } from './mutant.ts'
import { withEntities, withoutPolls } from './planting.ts'

const LOST =
  /is lost|in the shop, .* in the ERP|cancelled in the shop|not cancelled|instead of|parked but unknown/

/** Mistakes about hearing of everything: cursors, pages, notifications, deletions. Webhooks are off, or polls are. */
export const reading: readonly Mutant[] = [
  {
    name: 'the cursor is saved before its page',
    says: LOST,
    plan: plan => ({ ...noHooks(quiet(plan)), process: { ...plan.process, crash: 0.002 } }),
    mutation: () => ({ store: cursorFirst }),
  },
  {
    name: 'a sweep does not overlap the one before',
    says: LOST,
    plan: plan => ({ ...noHooks(quiet(plan)), orders: 16, remote: { ...plan.remote, lateCommitMs: 45_000 } }),
    mutation: () => ({ connection: withNext(beyondNewest(0)) }),
  },
  {
    name: 'the cursor runs ahead of the newest record',
    says: LOST,
    plan: plan => ({
      ...noHooks(quiet(plan)),
      orders: 16,
      remote: { ...plan.remote, lateCommitMs: 0, stampMs: 1 },
    }),
    mutation: () => ({ connection: withNext(beyondNewest(60_000)) }),
  },
  {
    name: 'a page begins behind the last stamp instead of the last record',
    says: LOST,
    plan: plan => ({
      ...noHooks(quiet(plan)),
      orders: 16,
      people: { ...plan.people, burst: true },
      remote: { ...plan.remote, stampMs: 1_000, lateCommitMs: 0, pageSize: 3 },
    }),
    mutation: () => ({ connection: withNext(strictlyAfter) }),
  },
  {
    name: 'pages are counted off a list that moves',
    says: LOST,
    plan: plan => ({
      ...noHooks(quiet(plan)),
      orders: 16,
      people: { ...plan.people, edits: 3 },
      remote: { ...plan.remote, pageSize: 0 },
    }),
    mutation: () => ({ connection: byOffset }),
  },
  {
    name: 'webhooks are answered before they are kept, and nothing is polled',
    says: LOST,
    plan: plan => ({
      ...quiet(plan),
      process: { ...plan.process, crash: 0.005 },
      store: { ...plan.store, downMs: 60_000 },
      hooks: { ...plan.hooks, off: false, lost: 0, forged: 0 },
    }),
    mutation: () => ({ answersEarly: true, connection: withoutPolls }),
  },
  {
    name: 'a notification whose record could not be read is dropped, and nothing is polled',
    says: LOST,
    plan: plan => ({
      ...quiet(plan),
      net: { ...plan.net, before500: 0.3 },
      hooks: { ...plan.hooks, off: false, lost: 0 },
    }),
    mutation: () => ({ connection: withoutPolls, store: droppingNotices }),
  },
  {
    name: 'a forged webhook is believed',
    says: /forged webhook/,
    plan: plan => ({ ...quiet(plan), hooks: { ...plan.hooks, off: false, forged: 0.5 } }),
    mutation: () => ({ connection: believing }),
  },
  {
    name: 'an older state that a replica tells is believed',
    says: /went back|in the shop, .* in the ERP|cancelled in the shop|not cancelled/,
    plan: plan => ({
      ...quiet(plan),
      ...CALM,
      orders: 40,
      people: { ...plan.people, edits: 3, cancels: 0.2 },
      remote: { ...plan.remote, ...lagging(40_000) },
      hooks: { ...plan.hooks, off: false, lost: 0, forged: 0 },
    }),
    mutation: () => ({ store: withoutStamps }),
  },
  {
    name: 'a comparison looks whether a record is there, not what is in it',
    says: /shows .* instead of/,
    plan: plan => ({
      ...quiet(plan),
      ...CALM,
      orders: 2,
      layers: { compared: false, alone: true },
    }),
    mutation: () => ({ store: withoutFacts }),
  },
  {
    name: 'a figure that is not told counts as zero',
    says: /without a field/,
    plan: plan => ({
      ...quiet(plan),
      ...CALM,
      drift: { ...plan.drift, droppedMs: 150_000 },
      people: { ...plan.people, burst: false, shipping: 0 },
    }),
    mutation: () => ({ connection: fillingIn }),
  },
  {
    name: 'a record counts as gone after one look',
    says: /given up as gone/,
    plan: plan => ({
      ...quiet(plan),
      ...CALM,
      orders: 60,
      people: { ...plan.people, burst: true, edits: 8, meddling: false },
      remote: { ...plan.remote, missMs: 45_000, massMs: 0 },
      hooks: { ...plan.hooks, off: false, lost: 0, forged: 0 },
    }),
    mutation: () => ({ store: goneAtOnce }),
  },
  {
    name: 'a mass disappearance is not stopped',
    says: /vanished at once/,
    plan: plan => ({
      ...quiet(plan),
      ...CALM,
      orders: 80,
      people: { ...plan.people, burst: true, edits: 8, meddling: false },
      remote: { ...plan.remote, missMs: 0, massMs: 50_000 },
      hooks: { ...plan.hooks, off: false, lost: 0, forged: 0 },
    }),
    mutation: () => ({ store: twin => ({ ...twin, missing: async () => ({ missed: 0, all: 1 }) }) }),
  },
]

function cursorFirst(twin: Twin): Twin {
  return {
    ...twin,
    async saveRead(page: ReadPage) {
      const { poll, ...rest } = page
      if (!poll) return twin.saveRead(page)
      const moved = await twin.saveRead({ ...rest, records: [], gone: [], poll })
      // The second transaction is the process's own to lose: one in ten never comes.
      return twin.tables.journal.length % 10 === 0 ? moved : twin.saveRead(rest)
    },
  }
}

interface SweepState {
  readonly newest: string | null
  readonly at: { readonly stamp: string; readonly id: string } | null
  readonly more: boolean
}

/** Another idea of where the next page begins. */
function withNext(change: (state: SweepState) => SweepState['at']) {
  return (connection: Connection): Connection =>
    withEntities(connection, entity => {
      const { changes } = entity
      if (!changes) return entity
      return {
        ...entity,
        changes: async (session, after, limit) => {
          const page = await changes(session, after, limit)
          const state = JSON.parse(page.next) as SweepState
          return { ...page, next: JSON.stringify({ ...state, at: change({ ...state, more: page.more }) }) }
        },
      }
    })
}

const beyondNewest =
  (ms: number) =>
  ({ newest, at, more }: SweepState): SweepState['at'] =>
    newest === null || more ? at : { stamp: new Date(Date.parse(newest) + ms).toISOString(), id: '\uffff' }

const strictlyAfter = ({ newest, at, more }: SweepState): SweepState['at'] => {
  if (more) return at && { ...at, id: '\uffff' }
  return newest === null ? null : { stamp: newest, id: '\uffff' }
}

function byOffset(connection: Connection): Connection {
  return withEntities(connection, entity => {
    const { changes } = entity
    if (!changes) return entity
    return {
      ...entity,
      changes: async (session, after, limit) => {
        const seen = Number(after ?? 0)
        // From the beginning of the list, as far as has been counted and one page on.
        const page = await changes(session, null, seen + limit)
        const items = page.items.slice(seen)
        return { items, next: String(seen + items.length), more: false }
      },
    }
  })
}

function droppingNotices(twin: Twin): Twin {
  return {
    ...twin,
    async retryNotices(notices) {
      for (const { connection, entity, id } of notices)
        twin.tables.notices.delete(keyOf(connection, entity, id))
    },
  }
}

function believing(connection: Connection): Connection {
  const { webhook } = connection.connector
  if (!webhook) return connection
  return {
    ...connection,
    connector: { ...connection.connector, webhook: { ...webhook, verify: () => true } },
  }
}

function goneAtOnce(twin: Twin): Twin {
  return {
    ...twin,
    async saveRead(page) {
      const result = await twin.saveRead(page)
      for (const row of twin.tables.records.values()) row.goneAt ??= row.missedAt
      return result
    },
  }
}

function withoutStamps(twin: Twin): Twin {
  const unstamped = ({ modifiedAt: _modifiedAt, ...record }: ReadRecord): ReadRecord => record
  return {
    ...twin,
    saveRead: page => twin.saveRead({ ...page, records: page.records.map(unstamped) }),
  }
}

function fillingIn(connection: Connection): Connection {
  const figure = { first: ['available', { constant: '0' }] }
  return withEntities(connection, (entity, name) => {
    if (name !== 'StockLevel' || connection.name !== 'erp') return entity
    const fields = { ...entity.mapping.fields, onHand: figure, available: figure }
    return { ...entity, mapping: { ...entity.mapping, fields } }
  })
}

function withoutFacts(twin: Twin): Twin {
  return {
    ...twin,
    saveComparison: (claimed, page, now) =>
      twin.saveComparison(
        claimed,
        page.rows ? { ...page, rows: page.rows.map(each => ({ ...each, facts: {} })) } : page,
        now,
      ),
  }
}
