import type {
  Comparison,
  Delivery,
  Duty,
  Load,
  LinkKey,
  Notice,
  Poll,
  ReadRecord,
  Registration,
  Settlement,
  Store,
} from '@linchpin/store'
import fc from 'fast-check'

/** Random work for a store: few records and few names, so that everything meets everything. */
export const START = Date.parse('2026-11-23T10:00:00Z')

const IN_FLIGHT = { inFlightMs: 1_000, unseenMs: null }

export const setup: Registration = {
  connections: [
    { name: 'erp', connector: 'erp' },
    { name: 'shop', connector: 'shop' },
  ],
  flows: [
    {
      name: 'orders',
      entity: 'SalesOrder',
      from: 'shop',
      to: 'erp',
      priority: 1,
      ...IN_FLIGHT,
      unseenMs: 2_000,
    },
    { name: 'customers', entity: 'Account', from: 'shop', to: 'erp', priority: 2, ...IN_FLIGHT, batch: true },
    { name: 'stock', entity: 'StockLevel', from: 'erp', to: 'shop', priority: 3, ...IN_FLIGHT, batch: true },
  ],
  polls: [
    { connection: 'shop', entity: 'SalesOrder' },
    { connection: 'shop', entity: 'Account' },
  ],
}

export interface Step {
  readonly do: keyof typeof doers
  /** Chances, each from 0 to 255: what they decide is up to the step. */
  readonly dice: readonly number[]
}

export const steps: fc.Arbitrary<readonly Step[]> = fc.constant(null).chain(() =>
  fc.array(
    fc.record({
      do: fc.constantFrom(...(Object.keys(doers) as (keyof typeof doers)[])),
      dice: fc.array(fc.nat({ max: 255 }), { minLength: 32, maxLength: 32 }),
    }),
    { minLength: 1, maxLength: 80, size: 'max' },
  ),
)

/** An older state of the store was brought back: what it is told of that. */
export type Forget = (now: number) => Promise<void>

interface Player {
  readonly store: Store
  readonly forget: Forget
  now: number
  readonly deliveries: Delivery[]
  readonly notices: Notice[]
  readonly polls: Poll[]
  readonly comparisons: Comparison[]
  readonly loads: Load[]
}

/** Each call does the next step and answers what the store said. */
export function play(store: Store, script: readonly Step[], forget: Forget): () => Promise<unknown> {
  const player: Player = {
    store,
    forget,
    now: START,
    deliveries: [],
    notices: [],
    polls: [],
    comparisons: [],
    loads: [],
  }
  let next = 0
  return async () => {
    const step = script[next]
    next += 1
    if (!step) return null
    player.now += [0, 1, 500, 2_000, 61_000][(step.dice[31] ?? 0) % 5] ?? 0
    const dice = [...step.dice]
    const pick = <Item>(items: readonly Item[]): Item => {
      const item = items[(dice.shift() ?? 0) % items.length]
      if (item === undefined) throw new Error('nothing to pick from')
      return item
    }
    return doers[step.do](player, pick).catch((error: unknown) => `failed: ${(error as Error).message}`)
  }
}

type Pick = <Item>(items: readonly Item[]) => Item
type Doer = (player: Player, pick: Pick) => Promise<unknown>

const IDS = ['1', '2', '3']
const BOOLEANS = [true, false]
const COUNTS = [0, 1, 2, 3]
const BATCHES = ['customers', 'stock']
const TARGETS = ['T1', 'T2', 'T3', 'T4']
const LEASE = 45_000
const WHICH = ['all', 'not gone', 'seen'] as const

const dutyOf = (pick: Pick, id = pick(IDS)): Duty & { readonly id: string } => {
  const flow = pick(setup.flows)
  return {
    flow: flow.name,
    entity: flow.entity,
    from: flow.from,
    to: flow.to,
    id,
    lane: pick([`${flow.entity}/${id}`, `${flow.entity}/${id}`, 'SalesOrder/1']),
    ...(pick(BOOLEANS) ? { force: pick(BOOLEANS) } : {}),
    ...(pick(COUNTS) === 0 ? { always: true } : {}),
    ...(pick(COUNTS) === 0 ? { expect: 'approved' } : {}),
    ...(pick(BOOLEANS) ? { onlyIfLinked: pick(BOOLEANS) } : {}),
    ...(pick(BOOLEANS) ? { onlyIfSettled: pick(BOOLEANS) } : {}),
    ...(pick(BOOLEANS) ? { worth: { amount: pick(['10.00', '0.5']), currency: pick(['EUR', 'USD']) } } : {}),
  }
}

const linkOf = (pick: Pick): LinkKey => ({
  entity: pick(['Account', 'Product', 'SalesOrder'] as const),
  connection: 'shop',
  id: pick(IDS),
  to: 'erp',
})

const recordOf = (pick: Pick): ReadRecord => {
  const entity = pick(['SalesOrder', 'Account', 'StockLevel', 'Price'] as const)
  const id = pick(IDS)
  const figure = pick(COUNTS)
  return {
    entity,
    id,
    version: `v${pick(COUNTS)}`,
    hash: `h${figure}`,
    row: { figure },
    canonical: pick([null, { figure }, { figure, modifiedAt: new Date(START + figure).toISOString() }]),
    ...(pick(BOOLEANS) ? { modifiedAt: START + figure } : {}),
    problem: pick([null, null, 'It does not read.']),
    references: [{ kind: pick(['number', 'sku']), value: `N${figure}` }],
    parents: [{ entity: 'Account', id: pick(IDS) }],
    ...(entity === 'SalesOrder' ? { demand: [{ product: pick(IDS), quantity: pick(['1', '2.50']) }] } : {}),
    duties: pick(BOOLEANS) ? [dutyOf(pick, id)] : [],
    force: pick(COUNTS) === 0,
  }
}

const onceEach = (records: readonly ReadRecord[]) => [
  ...new Map(records.map(record => [`${record.entity} ${record.id}`, record])).values(),
]

const doers = {
  async notify({ store, now }, pick) {
    const hint = () => ({
      connection: pick(['shop', 'erp']),
      entity: 'SalesOrder' as const,
      id: pick(IDS),
      cause: pick(['webhook', 'person', 'older'] as const),
      ...(pick(BOOLEANS) ? { force: pick(BOOLEANS) } : {}),
      ...(pick(BOOLEANS) ? { at: now + pick([-5, 0, 700]) } : {}),
    })
    await store.notify([hint(), hint()], now)
  },
  async claimNotices({ store, now, notices }, pick) {
    const claim = { connection: pick(['shop', 'erp']), limit: 1 + pick(COUNTS), leaseMs: LEASE, now }
    const claimed = await store.claimNotices(claim)
    notices.push(...claimed)
    return claimed
  },
  async retryNotices({ store, now, notices }, pick) {
    if (notices.length > 0) await store.retryNotices([pick(notices)], now + pick([0, 900]))
  },
  async newestLinks({ store }, pick) {
    const [connection, entity] = [pick(['shop', 'erp']), pick(['Account', 'SalesOrder'] as const)]
    const query = { connection, entity, limit: pick(COUNTS) + 1, which: pick(WHICH) }
    const first = await store.newestLinks({ ...query, after: null })
    return [first, await store.newestLinks({ ...query, after: first.at(-1) ?? null })]
  },
  unlink: ({ store, now }, pick) =>
    store.unlink(
      {
        ...pick([
          { connection: 'shop', id: pick(IDS), to: 'erp' },
          { connection: 'erp', id: pick(TARGETS), to: 'shop' },
        ]),
        entity: pick(['Account', 'SalesOrder'] as const),
        who: 'ada',
      },
      now,
    ),
  async markLinks({ store }, pick) {
    const [connection, entity] = [pick(['shop', 'erp']), pick(['Account', 'SalesOrder'] as const)]
    const query = { connection, entity, limit: pick(COUNTS) + 1, after: null, which: pick(WHICH) }
    const are = pick(['missing', 'there'] as const)
    await store.markLinks(connection, are, await store.newestLinks(query))
  },
  async recover({ store, now }, pick) {
    const [connection, to] = pick([
      ['shop', 'erp'],
      ['erp', 'shop'],
    ] as const)
    const ends = { entity: pick(['Account', 'SalesOrder'] as const), to }
    const linked = await store.newestLinks({
      connection,
      entity: ends.entity,
      limit: 1,
      after: null,
      which: 'all',
    })
    const any = { ...ends, id: pick([...IDS, ...TARGETS]), targetId: pick([...IDS, ...TARGETS]) }
    const lost = [{ ...(linked[0] ?? any), isOther: pick(BOOLEANS), look: pick(BOOLEANS) }]
    return store.recover({ connection, who: 'ada', lost, since: now - pick([0, 2_000, 100_000]) }, now)
  },
  async claimPoll({ store, now, polls }) {
    const claimed = await store.claimPoll({ connection: 'shop', leaseMs: LEASE, now })
    if (claimed.poll) polls.push(claimed.poll)
    return claimed
  },
  async finishPoll({ store, now, polls }, pick) {
    if (polls.length === 0) return
    const caughtUpAt = pick([null, now, now - 600])
    const finish = { nextAt: now + pick([0, 900]), problem: pick([null, 'No.']), caughtUpAt, now }
    await store.finishPoll(pick(polls), finish)
  },
  async saveRead({ store, now, polls, notices, loads }, pick) {
    const connection = pick(['shop', 'erp'])
    return store.saveRead({
      connection,
      entity: 'SalesOrder',
      cause: pick(['poll', 'load'] as const),
      readAt: now - pick([0, 0, 3_000]),
      now,
      records: onceEach(pick([[recordOf(pick), recordOf(pick)], [recordOf(pick)], []])),
      gone: pick([[], [], ['1'], ['2', '3']]),
      ...(loads.length > 0 && pick(COUNTS) === 0
        ? { load: { load: pick(loads), state: { now, page: true }, leaseUntil: now + LEASE } }
        : {}),
      ...(pick(BOOLEANS) ? { runs: ['customers', 'stock'] } : {}),
      ...(polls.length > 0 && pick(BOOLEANS) ? { poll: { poll: pick(polls), cursor: `c${now}` } } : {}),
      ...(notices.length > 0 && pick(BOOLEANS) ? { notices: [pick(notices)] } : {}),
    })
  },
  forget: ({ forget, now }) => forget(now),
  missing: ({ store }) => store.missing('shop', 'SalesOrder'),
  owe: ({ store, now }, pick) => store.owe([dutyOf(pick), dutyOf(pick)], now),
  async claimDeliveries({ store, now, deliveries }, pick) {
    const flows = pick([['orders', 'customers', 'stock'], ['customers', 'orders'], ['stock']])
    const runs = pick([{}, { customers: now - 500 }, { customers: now, stock: null }])
    const claim = { node: pick(['n1', 'n2']), flows, limit: 1 + pick(COUNTS), leaseMs: LEASE, now, runs }
    const claimed = await store.claimDeliveries(claim)
    deliveries.push(...claimed)
    return claimed
  },
  async claimLoad({ store, now, loads }, pick) {
    const load = await store.claimLoad({ flow: pick(BATCHES), leaseMs: LEASE, now })
    if (load) loads.push(load)
    return load
  },
  setLoad: ({ store, now }, pick) => store.setLoad(pick(BATCHES), { now }, pick(BOOLEANS)),
  meet: ({ store }, pick) =>
    store.meet({ flow: pick(BATCHES), page: pick(COUNTS), ids: [pick(IDS), pick(IDS)] }),
  async saveLoad({ store, now, loads }, pick) {
    if (loads.length === 0) return null
    return store.saveLoad({ load: pick(loads), state: { now }, leaseUntil: pick([null, now + LEASE]) })
  },
  loads: ({ store }) => store.loads(),
  inLine: ({ store }, pick) => store.inLine(pick(BATCHES), 1 + pick(COUNTS)),
  beginRun: ({ store, now }, pick) => {
    const dueAt = now - pick([0, 0, 500, 2_000])
    return store.beginRun({ flow: pick(BATCHES), dueAt, leftOut: pick(COUNTS) === 0 }, now)
  },
  turnRun: ({ store, now }, pick) => store.turnRun(pick(BATCHES), now),
  turnRunMore: ({ store, now }, pick) => store.turnRun(pick(BATCHES), now),
  runs: ({ store }, pick) => store.runs({ flow: pick(BATCHES), limit: 2 }),
  async intend({ store, now, deliveries }, pick) {
    if (deliveries.length === 0) return []
    const delivery = pick(deliveries)
    const operation = pick(['create', 'update'] as const)
    const times = { sendBy: now + 20_000, settledBy: now + 40_000 }
    const sent = { request: { now }, hash: pick(['h1', 'h2']), isAlone: pick([true, false]) }
    return store.intend([{ delivery, node: 'n1', operation, key: delivery.id, ...times, ...sent }], now)
  },
  writtenFrom: ({ store }, pick) =>
    store.writtenFrom({
      ...pick([
        { connection: 'erp', id: pick(TARGETS), from: 'shop', sourceId: pick(IDS) },
        { connection: 'shop', id: pick(TARGETS), from: 'erp', sourceId: pick(IDS) },
      ]),
      entity: pick(['SalesOrder', 'Account', 'StockLevel'] as const),
    }),
  settle: settleSome,
  settleMore: settleSome,
  links: ({ store }, pick) =>
    store.links([linkOf(pick), { ...linkOf(pick), connection: 'erp', id: pick(TARGETS), to: 'shop' }]),
  saveLink: ({ store, now }, pick) =>
    store.saveLink(
      { ...linkOf(pick), targetId: pick(TARGETS), how: 'told', flow: null, alias: pick(BOOLEANS) },
      now,
    ),
  wake: ({ store, now }) => store.wake(now),
  wakeLater(player) {
    player.now += LEASE
    return player.store.wake(player.now)
  },
  connections: ({ store }) => store.connections(),
  flows: ({ store }) => store.flows(),
  async pause({ store, now }, pick) {
    const target = pick([{ flow: 'orders' }, { connection: 'erp' }])
    await store.pause(
      { target, who: pick(['ada', 'linchpin']), reason: 'Why.', kind: pick([null, 'login']) },
      now,
    )
  },
  resume: ({ store, now }, pick) =>
    store.resume(pick([{ flow: 'orders' }, { connection: 'erp' }]), 'ada', now),
  block: ({ store, now }, pick) => store.block('erp', pick([null, now + 700])),
  leaveAlone: ({ store, now }, pick) => store.leaveAlone('erp', now + pick([300, 900])),
  disturb: ({ store, now }, pick) => store.disturb(pick(['erp', 'shop']), 'ada', now),
  spend: ({ store, now }, pick) =>
    store.spend({
      connection: 'erp',
      cost: 1 + pick(COUNTS),
      requests: 3,
      perMs: 1_000,
      now: now - pick([0, 300]),
    }),
  async claimComparison({ store, now, comparisons }, pick) {
    const claimed = await store.claimComparison({ flow: pick(['orders', 'stock']), leaseMs: LEASE, now })
    if (claimed) comparisons.push(claimed)
    return claimed
  },
  async saveComparison({ store, now, comparisons }, pick) {
    if (comparisons.length === 0) return null
    const key = () => ({ side: pick(['source', 'target'] as const), id: pick(IDS) })
    const row = () => ({
      ...key(),
      other: pick([null, ...IDS]),
      state: pick([null, null, 'left alone', 'faulty']),
      facts: pick([null, { price: `h${pick(COUNTS)}` }, { price: '?' }]),
    })
    const found = () => ({ ...key(), kind: pick(['missing', 'different']), detail: { words: 'Why.' } })
    const rows = [...new Map([row(), row()].map(each => [each.side + each.id, each])).values()]
    const leaseUntil = pick([null, now + LEASE])
    const page = { state: { place: pick(IDS) }, leaseUntil, rows, removed: pick([[], [key()]]) }
    return store.saveComparison(
      pick(comparisons),
      { ...page, found: pick([[], [found()]]), right: pick([[], [key()]]) },
      now,
    )
  },
  comparedPairs: ({ store }, pick) =>
    store.comparedPairs({
      flow: 'orders',
      limit: 2,
      ...pick([{ after: pick(IDS) }, { ids: ['1', '3'] }, {}]),
    }),
  unequalPairs: ({ store }, pick) =>
    store.unequalPairs({
      flow: 'orders',
      after: pick([null, ...IDS]),
      window: pick([1, 2, 5]),
      limit: pick([1, 2]),
    }),
  comparedRows: ({ store, now }, pick) =>
    store.comparedRows({
      flow: pick(['orders', 'stock']),
      side: pick(['source', 'target']),
      only: pick(['unlinked', 'faulty', { before: now }]),
      after: pick([null, '1']),
      limit: 2,
      ...pick([{}, { ids: ['2', '3'] }]),
    }),
  owed: ({ store }, pick) => store.owed(pick(['orders', 'stock']), ['1', '3', 'none']),
  unanswered: ({ store }, pick) => store.unanswered(pick(['orders', 'stock']), ['1', '3', 'none']),
  discrepancies: ({ store }, pick) =>
    store.discrepancies({
      flow: 'orders',
      limit: 3,
      ...pick([{}, { of: { side: pick(['source', 'target']), id: pick(IDS) } }]),
    }),
  comparisonState: ({ store }, pick) => store.comparisonState(pick(['orders', 'stock'])),
  openDemand: ({ store }, pick) => store.openDemand('erp', pick(TARGETS)),
  beat: ({ store, now }, pick) => store.beat(pick(['n1', 'n2']), now, 15_000),
  record: ({ store }, pick) => store.record({ connection: 'shop', entity: 'SalesOrder', id: pick(IDS) }),
  search: ({ store }, pick) => store.search(pick(['n1', ' N2 ', 'none']), 2),
  trace: ({ store }, pick) =>
    store
      .trace([{ connection: 'shop', entity: 'SalesOrder', id: pick(IDS) }])
      .then(({ journal, ...rest }) => ({
        ...rest,
        journal: journal.map(({ what, words }) => [what, words]),
      })),
  status: ({ store }) => store.status(),
  parked: ({ store }, pick) => store.parked({ ...pick([{}, { flow: 'orders' }]), limit: 1 + pick(COUNTS) }),
  retryParked: ({ store, now }, pick) =>
    store.retryParked(pick([{}, { ids: ['1'] }, { flow: 'orders' }]), 'ada', now),
  skipParked: ({ store, now }, pick) =>
    store.skipParked(pick([{ ids: ['1'] }, { flow: 'stock' }]), 'ada', 'No.', now),
  answerUnknown: ({ store, now }, pick) =>
    store.answerUnknown({ flow: 'orders', id: pick(IDS) }, pick([null, ...TARGETS]), 'ada', now),
} satisfies Record<string, Doer>

async function settleSome({ store, now, deliveries }: Player, pick: Pick): Promise<unknown> {
  if (deliveries.length === 0) return []
  const some = new Map([pick(deliveries), pick(deliveries)].map(each => [each.flow + each.id, each]))
  return store.settle(
    [...some.values()].map(delivery => settlementOf(delivery, now, pick)),
    now,
  )
}

function settlementOf(delivery: Delivery, now: number, pick: Pick): Settlement {
  const trouble = { kind: 'refused', words: 'No.' }
  const busy = { kind: 'busy', words: 'Later.' }
  const intent = pick(['keep', 'clear'] as const)
  const links = pick([[], [linkOf(pick)], [linkOf(pick), linkOf(pick)]])
  const rest = pick([null, null, { ...trouble, at: pick([null, now + 600]) }])
  const hint = { connection: delivery.to, entity: delivery.entity, id: 'T1', cause: 'link' as const }
  return {
    delivery,
    ...pick<Choice>([
      {
        is: 'applied',
        targetId: pick(TARGETS),
        version: pick([null, 'v1']),
        number: pick([null, 'S1']),
        sentHash: 'sent',
        again: pick([null, null, now + 800]),
        rest,
        words: 'Created.',
        hints: pick([[], [hint]]),
      },
      { is: 'linked', targetId: pick(TARGETS), how: 'found', alias: pick(BOOLEANS) },
      { is: 'unchanged', words: 'Same.' },
      { is: 'skipped', words: 'Not this one.', links, ...pick([{}, { intent: 'keep' } as const]) },
      { is: 'parked', trouble, intent },
      { is: 'later', at: now + 900, trouble: pick([null, trouble, busy]), intent, counts: pick(BOOLEANS) },
      {
        is: 'waiting',
        links,
        at: now + 60_000,
        words: 'Waits.',
        hints: pick([[], [hint]]),
        duties: pick([[], [dutyOf(pick)]]),
      },
    ]),
  }
}
type Without<Union> = Union extends unknown ? Omit<Union, 'delivery'> : never
type Choice = Without<Settlement>
