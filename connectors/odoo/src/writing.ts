import { Problem, Unanswered, type Outcome, type Write } from '@linchpin/connector'
import { contentHash } from '@linchpin/model'
import { call, type Session } from './client.ts'
import { searchRead } from './client.ts'
import { saidIn } from './errors.ts'

/** The external ids that we give. Odoo keeps them unique: the only key of an order that it does keep unique. */
const MODULE = '__linchpin__'

/** One write after the other: two at once on one product cost Odoo retries, see README. */
export async function writeEach<Row>(
  session: Session,
  writes: readonly Write<Row>[],
  one: (session: Session, write: Write<Row>) => Promise<Outcome>,
): Promise<Outcome[]> {
  const outcomes: Outcome[] = []
  for (const write of writes) {
    if (session.io.signal.aborted) {
      const problem = new Problem('passing', 'The work was called off before this record was sent.')
      outcomes.push({ key: write.key, is: 'refused', problem })
      continue
    }
    const own = { ...session, sent: false }
    try {
      outcomes.push(await one(own, write))
    } catch (error) {
      if (!(error instanceof Problem)) throw error
      const first = outcomes.length === 0 && !own.sent
      if (first && !isOfTheRecord(error)) throw error
      const is = error instanceof Unanswered ? 'unknown' : 'refused'
      outcomes.push({ key: write.key, is, problem: error })
    }
  }
  return outcomes
}

function isOfTheRecord(problem: Problem): boolean {
  return problem.kind === 'refused' || problem.kind === 'conflict' || problem.kind === 'surprise'
}

/** The record that we made under this key, or null. A second look is never needed: the key and the record are one commit. */
export async function idOfKey(session: Session, model: string, key: string): Promise<number | null> {
  const [data] = await searchRead(session, 'ir.model.data', {
    domain: [
      ['module', '=', MODULE],
      ['name', '=', nameOfKey(key)],
      ['model', '=', model],
    ],
    fields: ['res_id'],
    limit: 1,
  })
  return data === undefined ? null : (data['res_id'] as number)
}

/**
 * Makes or changes the record of this key with Odoo's import, which upserts by external id in one transaction. Only
 * for plain columns: the lines of an order would be added a second time.
 */
export async function upsert(session: Session, model: string, key: string, values: Values): Promise<number> {
  const columns = Object.entries(values).filter(([, value]) => value !== undefined)
  const { ids, messages } = await call<Loaded>(session, model, 'load', {
    args: {
      fields: ['id', ...columns.map(([name, value]) => (typeof value === 'number' ? `${name}/.id` : name))],
      data: [[`${MODULE}.${nameOfKey(key)}`, ...columns.map(([, value]) => columnText(value))]],
    },
  })
  const id = ids === false ? undefined : ids[0]
  if (typeof id === 'number') return id
  const words = saidIn(messages.map(({ message }) => message).join(' '))
  throw new Problem('refused', `Odoo refused: ${words || 'it did not say why'}`)
}

/** Plain values by field name; a number is the id of another record. */
export type Values = Readonly<Record<string, string | number | boolean | undefined>>
interface Loaded {
  readonly ids: readonly (number | false)[] | false
  readonly messages: readonly { readonly message: string }[]
}

function columnText(value: Values[string]): string {
  if (value === true) return '1'
  return value === false || value === undefined ? '' : String(value)
}

/** External ids may hold letters, digits and underscores; the hash keeps 'a/b' and 'a_b' apart. */
export function nameOfKey(key: string): string {
  const plain = key.replace(/[^A-Za-z0-9]+/g, '_').slice(0, 80)
  return `${plain}_${contentHash(key).slice(0, 12)}`
}
