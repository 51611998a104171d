import { Problem, type Outcome } from '@linchpin/connector'
import { z } from 'zod'
import { call, type Session } from '../client.ts'
import {
  eachItem,
  eachOutcome,
  eachSnapshot,
  eachWrite,
  eachWriter,
  both,
  otherIo,
  otherWrite,
  type Flaws,
} from './change.ts'

const mapped = (row: object, change: (value: string) => string) =>
  Object.fromEntries(
    Object.entries(row).map(([name, value]: [string, unknown]) => [
      name,
      typeof value === 'string' ? change(value) : value,
    ]),
  )
const wrote = new WeakMap<object, Set<string>>()

export const writingFlaws: Flaws = {
  'drops an outcome': otherWrite(async (write, session, writes) => (await write(session, writes)).slice(1)),
  'mixes outcomes up': otherWrite(async (write, session, writes) =>
    (await write(session, writes)).toReversed(),
  ),
  'writes nothing with a request': otherWrite(async (write, session, writes) => {
    if (writes.length === 0) await call(session, '/about', z.unknown())
    return write(session, writes)
  }),
  'asks for more than it says': eachWriter(writer => ({
    ...writer,
    schema: z.looseObject({ warehouse: z.string() }),
  })),
  'tells the id of another record': eachOutcome(outcome =>
    outcome.is === 'applied' ? { ...outcome, id: `${outcome.id}0` } : outcome,
  ),
  'lets one bad row spoil all': otherWrite(async (write, session, writes) => {
    const outcomes = await write(session, writes)
    for (const outcome of outcomes) if (outcome.is === 'refused') throw outcome.problem
    return outcomes
  }),
  'trims text': eachWrite(write => ({ ...write, row: mapped(write.row, text => text.trim()) })),
  'blanks what it is not given': eachWrite(write =>
    write.id === null ? write : { ...write, row: { remark: '', text: '', ...write.row } },
  ),
  'adds instead of changing': eachWrite((write, { io }) =>
    write.id === null ? write : { ...write, id: null, key: write.key + io.nonce() },
  ),
  'adds to what is there': eachSnapshot((shot, session) => {
    const count = (reads.get(session) ?? 0) + 1
    reads.set(session, count)
    return { ...shot, row: mapped(shot.row, text => text + '+'.repeat(count)) }
  }),
  'brings back the dead': otherWrite(async (write, session, writes) => {
    const outcomes = await write(session, writes)
    const again = async (outcome: Outcome, at: number) =>
      outcome.is === 'refused' && writes[at]?.id !== null
        ? write(session, [{ ...writes[at], id: null, row: writes[at]?.row ?? {}, key: outcome.key }])
        : [outcome]
    return (await Promise.all(outcomes.map(again))).flat()
  }),
  'forgets its version': eachOutcome(outcome =>
    outcome.is === 'applied' ? { ...outcome, version: '0' } : outcome,
  ),
  'hides its own writes': both(
    eachOutcome((outcome, session) => {
      const own = wrote.get(session) ?? new Set()
      if (outcome.is === 'applied') wrote.set(session, own.add(outcome.id))
      return outcome
    }),
    eachItem((item, session) => (wrote.get(session)?.has(item.id) ? null : item)),
  ),
  'finishes anyway': otherIo(io => ({ ...io, signal: new AbortController().signal })),
  'claims what it did not do': eachOutcome(outcome =>
    outcome.is === 'applied' ? outcome : { key: outcome.key, is: 'applied', id: '1', version: null },
  ),
  'counts money in cents': eachWrite(write => ({
    ...write,
    row: mapped(write.row, text => (/^\d+\.\d\d$/.test(text) ? text.replace('.', '') : text)),
  })),
}

const reads = new WeakMap<Session, number>()

export const settlingFlaws: Flaws = {
  'ignores the key': eachWrite((write, { io }) => ({ ...write, key: write.key + io.nonce() })),
  'trusts the batch': eachWrite((write, _session, turn) => ({ ...write, key: `${write.key}#${turn}` })),
  'calls a lost reply refused': eachOutcome(({ key, ...outcome }) =>
    outcome.is === 'unknown'
      ? { key, is: 'refused', problem: new Problem('refused', 'That did not work.') }
      : { key, ...outcome },
  ),
  'throws when a reply is lost': eachOutcome(outcome => {
    if (outcome.is === 'unknown') throw outcome.problem
    return outcome
  }),
  'finds what never arrived': eachWriter(writer =>
    writer.repeat === 'find'
      ? { ...writer, find: async (_session, writes) => new Map(writes.map(({ key }) => [key, '1'])) }
      : writer,
  ),
  'finds nothing': eachWriter(writer =>
    writer.repeat === 'find' ? { ...writer, find: async () => new Map() } : writer,
  ),
  'takes a failed look-up for a no': eachWriter(writer =>
    writer.repeat === 'find'
      ? { ...writer, find: (session, writes) => writer.find(session, writes).catch(() => new Map()) }
      : writer,
  ),
}
