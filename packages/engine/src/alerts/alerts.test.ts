import { minutesOf } from '@linchpin/model'
import type { AlertEvent, AlertItem, AlertRule, Incident, Told } from '@linchpin/store'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { CALM_MS } from './incidents.ts'
import { isQuiet } from './quiet.ts'
import { sightings, withoutNames, type AlertFacts } from './sightings.ts'
import { alertTurn, ALERT_GIVE_UP_MS, nextAlertTry } from './turn.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const START = Date.UTC(2026, 10, 25, 9)
const EVENTS: readonly AlertEvent[] = [
  'parked',
  'trouble',
  'login',
  'restored',
  'paused',
  'behind',
  'differences',
  'run',
  'expiring',
]

const rule: AlertRule = {
  id: 'r',
  name: 'everything',
  active: true,
  wishesSince: START - HOUR,
  events: EVENTS,
  flows: [],
  connections: [],
  channels: ['c'],
  waitMinutes: 0,
  behind: { minutes: 30, count: null },
  recovery: true,
  digest: null,
  quiet: null,
}

const nothing: AlertFacts = {
  causes: [],
  connections: [],
  flows: [],
  owed: [],
  differing: [],
  runs: [],
  keys: [],
  credentials: [],
}
const shop = {
  name: 'shop',
  connector: 'x',
  paused: null,
  blockedUntil: null,
  leftAloneUntil: null,
  failures: 0,
  polls: [],
}
const flow = {
  name: 'orders',
  entity: 'SalesOrder' as const,
  from: 'shop',
  to: 'erp',
  active: true,
  since: 0,
  batch: null,
  paused: null,
}
const down: AlertFacts = { ...nothing, connections: [{ ...shop, failures: 5 }] }

interface Message {
  readonly at: number
  readonly items: readonly AlertItem[]
}

/** Looks at one time after another, and keeps what was said as the store does. */
function watching(rules: readonly AlertRule[]) {
  const incidents = new Map<string, Incident>()
  const told = new Map<string, Told>()
  const messages: Message[] = []
  let ids = 0
  const look = (facts: AlertFacts, now: number) => {
    const known = { rules, incidents: [...incidents.values()], told: [...told.values()] }
    const turn = alertTurn(known, facts, { now, newId: () => `m${(ids += 1)}` })
    for (const each of turn.incidents) incidents.set(`${each.cause} ${each.beganAt}`, each)
    for (const each of turn.told) {
      const key = JSON.stringify(each)
      expect(told.has(key), 'told twice').toBe(false)
      told.set(key, each)
    }
    for (const { items } of turn.messages) messages.push({ at: now, items })
  }
  const said = () => messages.flatMap(({ items }) => items.map(({ is, count }) => `${is} ${count}`))
  return { look, messages, said, incidents }
}

test('a cause is told once while it lasts, and once when it is over', () => {
  const { look, said } = watching([rule])
  for (let minute = 0; minute < 20; minute += 1) look(down, START + minute * MINUTE)
  expect(said()).toEqual(['began 1'])
  for (let minute = 20; minute < 40; minute += 1) look(nothing, START + minute * MINUTE)
  expect(said()).toEqual(['began 1', 'ended 1'])
})

test('a connection that comes and goes is one incident, and the word that it is well waits for calm', () => {
  const { look, messages, said } = watching([rule])
  for (let minute = 0; minute < 30; minute += 1)
    look(minute % 3 === 0 ? down : nothing, START + minute * MINUTE)
  expect(said()).toEqual(['began 1'])
  for (let minute = 30; minute < 40; minute += 1) look(nothing, START + minute * MINUTE)
  expect(said()).toEqual(['began 1', 'ended 1'])
  // Seen last in minute 27: that is when it ended, though it was told later.
  expect(messages.at(-1)?.items[0]?.endedAt).toBe(START + 27 * MINUTE)
  expect((messages.at(-1)?.at ?? 0) - (START + 27 * MINUTE)).toBe(CALM_MS)
})

test('what is over before a rule has waited long enough is not told at all', () => {
  const { look, said } = watching([{ ...rule, waitMinutes: 10 }])
  for (let minute = 0; minute < 5; minute += 1) look(down, START + minute * MINUTE)
  for (let minute = 5; minute < 60; minute += 1) look(nothing, START + minute * MINUTE)
  expect(said()).toEqual([])
  for (let minute = 60; minute < 75; minute += 1) look(down, START + minute * MINUTE)
  expect(said()).toEqual(['began 1'])
})

test.each([
  { lasts: 90, wait: 5, says: [] },
  { lasts: 4 * 60, wait: 5, says: [] },
  { lasts: 5 * 60 + 20, wait: 5, says: ['began 1', 'ended 1'] },
  { lasts: 7 * 60, wait: 10, says: [] },
  { lasts: 10 * 60 + 20, wait: 10, says: ['began 1', 'ended 1'] },
])('of what lasts $lasts seconds, a rule that waits $wait minutes says $says', ({ lasts, wait, says }) => {
  const { look, said } = watching([{ ...rule, waitMinutes: wait }])
  for (let second = 0; second < 3600; second += 10)
    look(second <= lasts ? down : nothing, START + second * 1000)
  expect(said()).toEqual(says)
})

test('what came and went while nobody wished to hear of it is not told afterwards, nor is its end', () => {
  const first = watching([rule])
  first.look(down, START)
  for (let minute = 1; minute < 10; minute += 1) first.look(nothing, START + minute * MINUTE)
  const incidents = [...first.incidents.values()]
  const told = incidents.map(({ cause: name, beganAt }) => {
    return { rule: rule.id, cause: name, beganAt, isEnd: false }
  })
  const says = (changed: AlertRule, known: readonly Told[]) => {
    const options = { now: START + 21 * MINUTE, newId: () => 'm' }
    const { messages } = alertTurn({ rules: [changed], incidents, told: known }, nothing, options)
    return messages.flatMap(({ items }) => items.map(({ is }) => is))
  }
  expect([says(rule, []), says(rule, told)]).toEqual([['passed'], ['ended']])
  const later = { ...rule, wishesSince: START + 20 * MINUTE }
  expect([says(later, []), says(later, told)]).toEqual([[], []])
})

test('a rule that is made while something is still open, but was not seen since, waits until it is seen', () => {
  const watch = watching([{ ...rule, wishesSince: START + 2 * MINUTE }])
  watch.look(down, START)
  for (let minute = 1; minute < 10; minute += 1) watch.look(nothing, START + minute * MINUTE)
  expect(watch.said()).toEqual([])
})

test('what happens in quiet hours is told when they end, also what came and went', () => {
  const quiet = { from: '22:00', to: '07:00', zone: 'Europe/Berlin' }
  const { look, messages, said } = watching([{ ...rule, quiet }])
  const night = Date.parse('2026-11-25T23:00:00Z')
  const morning = Date.parse('2026-11-26T06:00:00Z')
  const late = { ...down, differing: [{ flow: 'orders', count: 3 }] }
  for (let at = night; at <= morning; at += MINUTE)
    look(at < night + HOUR ? late : at < night + 2 * HOUR ? down : at > morning - HOUR ? late : nothing, at)
  // 07:00 in Berlin is 06:00 UTC in winter.
  expect(messages.map(({ at }) => at)).toEqual([morning])
  expect(said().toSorted()).toEqual(['began 1', 'began 3', 'passed 1', 'passed 3'])
})

test('a daily digest says all of a day at its hour', () => {
  const { look, messages, said } = watching([{ ...rule, digest: { daily: '08:30', zone: 'Europe/Berlin' } }])
  for (let at = START; at < START + 48 * HOUR; at += 10 * MINUTE) {
    const differing = at > START + 3 * HOUR ? [{ flow: 'orders', count: 7 }] : []
    look({ ...(at < START + HOUR ? down : nothing), differing }, at)
  }
  expect(messages.map(({ at }) => new Date(at).toISOString())).toEqual(['2026-11-26T07:30:00.000Z'])
  expect(said().toSorted()).toEqual(['began 7', 'passed 1'])
})

test('quiet hours mean the clock of their place, in summer and in winter, and over midnight', () => {
  const quiet = { from: '22:00', to: '07:00', zone: 'Europe/Berlin' }
  const at = (time: string) => isQuiet(quiet, Date.parse(time))
  expect([at('2026-07-01T20:00:00Z'), at('2026-07-01T19:59:00Z')]).toEqual([true, false])
  expect([at('2026-12-01T21:00:00Z'), at('2026-12-01T20:59:00Z')]).toEqual([true, false])
  expect([at('2026-12-01T05:59:00Z'), at('2026-12-01T06:00:00Z')]).toEqual([true, false])
  expect(isQuiet({ from: '12:00', to: '13:00', zone: 'UTC' }, Date.parse('2026-12-01T12:30:00Z'))).toBe(true)
  expect(isQuiet({ from: '12:00', to: '12:00', zone: 'UTC' }, Date.parse('2026-12-01T12:00:00Z'))).toBe(false)
})

test('each kind of trouble is seen, with what it is about', () => {
  const paused = { at: START, by: 'linchpin', reason: 'Sign in again.' }
  const facts: AlertFacts = {
    causes: [cause(3)],
    connections: [
      { ...shop, failures: 3 },
      { ...shop, name: 'a', paused: { ...paused, kind: 'login' } },
      { ...shop, name: 'b', paused: { ...paused, kind: 'restored' } },
      { ...shop, name: 'd', paused: { ...paused, by: 'Ada', kind: null } },
      { ...shop, name: 'well', failures: 2 },
    ],
    flows: [flow, { ...flow, name: 'stock', paused }],
    owed: [
      { flow: 'orders', count: 4, oldest: START - 31 * MINUTE },
      { flow: 'stock', count: 9, oldest: START - 99 * MINUTE },
    ],
    differing: [{ flow: 'orders', count: 2 }],
    runs: [
      { flow: 'nightly', dueAt: START, leftOut: true, parked: 0 },
      { flow: 'fine', dueAt: START, leftOut: false, parked: 0 },
    ],
    keys: [{ id: 'k', name: 'nagios', expiresAt: START }],
    credentials: [{ connection: 'shop', name: 'apiKey', expiresAt: START }],
  }
  const seen = sightings(facts, [rule], START)
  expect(seen.map(each => [each.event, each.flow ?? each.connection, each.count])).toEqual([
    ['parked', 'orders', 3],
    ['trouble', 'shop', 1],
    ['login', 'a', 1],
    ['restored', 'b', 1],
    ['paused', 'd', 1],
    ['paused', 'stock', 1],
    ['behind', 'orders', 4],
    ['differences', 'orders', 2],
    ['run', 'nightly', 0],
    ['expiring', null, 1],
    ['expiring', 'shop', 1],
  ])
})

test('a rule hears of what it is about, by event, flow, connection and its own idea of late', () => {
  const facts: AlertFacts = {
    ...down,
    flows: [flow],
    causes: [cause(1)],
    owed: [{ flow: 'orders', count: 50, oldest: START - 10 * MINUTE }],
  }
  const saysWith = (changes: Partial<AlertRule>) => {
    const { look, messages } = watching([{ ...rule, ...changes }])
    look(facts, START)
    return messages.flatMap(({ items }) => items.map(({ event }) => event)).toSorted()
  }
  expect(saysWith({})).toEqual(['parked', 'trouble'])
  expect(saysWith({ events: ['parked'] })).toEqual(['parked'])
  expect(saysWith({ connections: ['shop'] })).toEqual(['trouble'])
  expect(saysWith({ flows: ['orders'] })).toEqual(['parked'])
  expect(saysWith({ flows: ['other'] })).toEqual([])
  expect(saysWith({ events: ['behind'], behind: { minutes: 10, count: null } })).toEqual(['behind'])
  expect(saysWith({ events: ['behind'], behind: { minutes: 60, count: 50 } })).toEqual(['behind'])
  expect(saysWith({ active: false })).toEqual([])
})

test('who is new hears of what lasts, not of what was over before', () => {
  const first = watching([rule])
  first.look(down, START)
  first.look(nothing, START + 10 * MINUTE)
  const known = { incidents: [...first.incidents.values()], told: [] }
  const later = { ...rule, id: 'new', wishesSince: START + 20 * MINUTE }
  const options = { now: START + 21 * MINUTE, newId: () => 'm' }
  expect(alertTurn({ ...known, rules: [later] }, nothing, options).messages).toEqual([])
  expect(alertTurn({ ...known, rules: [later] }, down, options).messages).toHaveLength(1)
})

test('what is told quotes nobody', () => {
  const words = withoutNames('Customer "Ida Lind" <ida@example.com> is not valid: “Ida”, HTTP 422')
  expect(words).toBe('Customer “…” <…@…> is not valid: “…”, HTTP 422')
  expect(withoutNames("'Noor de Vries' doesn't exist, and isn't wanted")).toBe(
    "“…” doesn't exist, and isn't wanted",
  )
})

test('a message is tried for three days, never sooner than it was asked to, and at least once an hour', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 200 }),
      fc.nat(7_200_000),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (tries, retryAfterMs, random) => {
        const at = nextAlertTry({ tries, madeAt: 0, now: 0 }, { retryAfterMs, random: () => random })
        expect(at).toBeGreaterThanOrEqual(Math.min(retryAfterMs, HOUR))
        expect(at).toBeGreaterThanOrEqual(3_000)
        expect(at).toBeLessThanOrEqual(1.25 * HOUR)
      },
    ),
  )
  const late = { tries: 90, madeAt: 0, now: ALERT_GIVE_UP_MS }
  expect(nextAlertTry(late, { retryAfterMs: null, random: () => 0 })).toBeNull()
})

const zones = fc.constantFrom('UTC', 'Europe/Berlin', 'America/St_Johns', 'Asia/Kathmandu')
const clock = fc
  .tuple(fc.nat(23), fc.nat(59))
  .map(pair => pair.map(each => String(each).padStart(2, '0')).join(':'))
const rules = fc.record({
  waitMinutes: fc.constantFrom(0, 0, 5, 15),
  digest: fc.oneof(
    fc.constant(null),
    fc.constantFrom(15, 60).map(minutes => ({ minutes })),
    fc.record({ daily: clock, zone: zones }),
  ),
  // Not quiet for an hour of the day at least.
  quiet: fc.oneof(
    fc.constant(null),
    fc
      .record({ from: clock, to: clock, zone: zones })
      .filter(({ from, to }) => (minutesOf(from) - minutesOf(to) + 1440) % 1440 >= 60),
  ),
  recovery: fc.boolean(),
})
/** How long each of three things is wrong, and then right, over and over; and when nobody looks. */
const days = fc.array(
  fc.record({
    what: fc.subarray(['trouble', 'differences', 'parked']),
    minutes: fc.integer({ min: 1, max: 600 }),
    blind: fc.boolean(),
  }),
  { minLength: 1, maxLength: 8 },
)

test('whatever happens: nothing in quiet hours, each once, the end after the beginning, and nothing is lost', () => {
  fc.assert(
    fc.property(rules, days, (wishes, phases) => {
      const { look, messages, incidents } = watching([{ ...rule, ...wishes }])
      let now = START
      for (const { what, minutes, blind } of phases)
        for (const end = now + minutes * MINUTE; now < end; now += 5 * MINUTE)
          if (!blind)
            look(
              {
                ...nothing,
                connections: what.includes('trouble') ? down.connections : [],
                differing: what.includes('differences') ? [{ flow: 'orders', count: 2 }] : [],
                causes: what.includes('parked') ? [cause(1)] : [],
              },
              now,
            )
      // Two days of calm: every digest and every end of quiet hours has come by.
      for (const end = now + 48 * HOUR; now < end; now += 20 * MINUTE) look(nothing, now)
      expect(messages.filter(({ at }) => isQuiet(wishes.quiet, at))).toEqual([])
      const told = new Map<string, string[]>()
      for (const { items } of messages)
        for (const { is, cause: name, beganAt } of items)
          told.set(`${name} ${beganAt}`, [...(told.get(`${name} ${beganAt}`) ?? []), is])
      for (const each of incidents.values()) {
        expect(each.endedAt).not.toBeNull()
        const said = told.get(`${each.cause} ${each.beganAt}`) ?? []
        const whole = wishes.recovery ? ['began', 'ended'] : ['began']
        const lasted = each.seenAt - each.beganAt >= wishes.waitMinutes * MINUTE
        if (lasted) expect([whole, ['passed']], JSON.stringify(each)).toContainEqual(said)
        else expect(said, JSON.stringify(each)).toEqual([])
      }
    }),
    { numRuns: 60 },
  )
})

function cause(count: number): AlertFacts['causes'][number] {
  return {
    cause: 'abc',
    flow: 'orders',
    entity: 'SalesOrder',
    from: 'shop',
    to: 'erp',
    kind: 'settings',
    words: 'No such country.',
    id: '1',
    count,
    retryable: count,
    worth: [],
    firstSeenAt: START,
    lastSeenAt: START,
    returns: 0,
    resolvedAt: null,
  }
}
