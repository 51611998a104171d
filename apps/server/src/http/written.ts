import { may, meShape, type RouteName } from '@linchpin/api'
import { answered, auditAsked, auditEnded, say, unsay, type Asked } from '@linchpin/store'
import type { Linchpin } from '../linchpin.ts'
import type { Actor } from '../people/actor.ts'
import { problemAnswer, Refusal } from './problem.ts'
import { stateOf } from './watched.ts'
import { withoutSecrets } from './without-secrets.ts'

export interface Said {
  readonly name: RouteName
  readonly input: Readonly<Record<string, unknown>>
  readonly actor: Actor
  readonly from: string
}

/** Does what an unsafe call asks for: written down before and after, with how what it is about stood. */
export async function writtenDown<Answer>(
  linchpin: Linchpin,
  said: Said,
  act: () => Promise<Answer>,
): Promise<Answer> {
  const { db, now } = linchpin
  const { name, input, actor, from } = said
  const look = () => stateOf(linchpin, name, input)
  const asked: Asked = {
    who: actor.name,
    how: actor.kind,
    from,
    what: name,
    input: withoutSecrets(name, input),
    before: await look(),
  }
  const seq = await auditAsked(db, asked, now())
  const end = async (outcome: string, after: unknown) => auditEnded(db, seq, asked, { after, outcome }, now())
  try {
    const answer = await act()
    await end('done', cameIn(answer) ?? (await look()))
    return answer
  } catch (error) {
    await end(problemAnswer(error).code, await look())
    throw error
  }
}

/** Who asked to come in was nobody yet: who it was is known when they are in. */
function cameIn(answer: unknown): unknown {
  const me = meShape.safeParse(answer)
  return me.success ? { who: me.data.who, email: me.data.email, role: me.data.role } : null
}

/** Somebody who is known asked for what they may not. */
export async function refusedDown({ db, now }: Linchpin, said: Omit<Said, 'input'>): Promise<void> {
  const { actor, from, name } = said
  const asked = { who: actor.name, how: actor.kind, from, what: name, input: null, before: null }
  await auditEnded(db, await auditAsked(db, asked, now()), asked, { after: null, outcome: 'may-not' }, now())
}

/**
 * A call that says an Idempotency-Key is done once: said again within a day, it gets the same answer. Answers that hold
 * what is shown only once are not kept.
 */
export async function onceByKey<Answer>(
  { db, digest, wall: now }: Linchpin,
  { name, input, actor }: Said,
  key: string | null,
  act: () => Promise<Answer>,
): Promise<Answer> {
  // Whoever is not known yet has no keys of their own: another's must not answer them.
  if (key === null || actor.kind === 'nobody' || may[name] === 'anyone') return act()
  const saying = { actor: `${actor.kind} ${actor.id}`, key: checked(key) }
  const request = digest(JSON.stringify([name, input]))
  const heard = await say(db, { ...saying, request }, now())
  if (heard.is === 'done') return again(heard.status, heard.answer) as Answer
  if (heard.is !== 'new') throw REFUSED[heard.is]()
  try {
    const answer = await act()
    await answered(db, saying, { status: 200, answer: SHOWN_ONCE.has(name) ? null : answer })
    return answer
  } catch (error) {
    const problem = problemAnswer(error)
    if (problem.status < 500) await answered(db, saying, { status: problem.status, answer: problem })
    else await unsay(db, saying)
    throw error
  }
}

const SHOWN_ONCE: ReadonlySet<RouteName> = new Set([
  'setUpLink',
  'addPerson',
  'invitePerson',
  'addApiKey',
  'addAlertChannel',
  'reveal',
])

function again(status: number, answer: unknown): unknown {
  if (status === 200 && answer !== null) return answer
  if (status === 200)
    throw new Refusal(409, 'done-already', 'That was done already, and its answer is shown only once.')
  const { code, detail } = answer as { code: string; detail: string }
  throw new Refusal(status, code, detail)
}

const REFUSED = {
  'under way': () => new Refusal(409, 'under-way', 'That call is under way. Wait for it.'),
  'something else': () =>
    new Refusal(422, 'key-reused', 'This Idempotency-Key was used for another call. Take a new one.'),
}

function checked(key: string): string {
  if (/^[\x21-\x7e]{1,200}$/.test(key)) return key
  throw new Refusal(400, 'bad-request', 'An Idempotency-Key is 1 to 200 printable signs without spaces.')
}
