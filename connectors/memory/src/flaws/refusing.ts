import { Problem, type Outcome } from '@linchpin/connector'
import type { Session } from '../client.ts'
import { eachOutcome, otherWrite, type Flaws } from './change.ts'

const withProblem = (outcome: Outcome, change: (problem: Problem) => Problem): Outcome =>
  outcome.is === 'applied' ? outcome : { ...outcome, problem: change(outcome.problem) }
const sent = new WeakMap<Session, Set<string>>()

export const refusingFlaws: Flaws = {
  'forgets how long to wait when it writes': eachOutcome(outcome =>
    withProblem(outcome, problem =>
      problem.kind === 'busy' ? new Problem('busy', problem.message) : problem,
    ),
  ),
  'blames the record when it is not let in': eachOutcome(outcome =>
    withProblem(outcome, problem =>
      problem.kind === 'login' ? new Problem('refused', problem.message) : problem,
    ),
  ),
  'goes on asking though it was told to wait': otherWrite(async (write, session, writes) => {
    const outcomes: Outcome[] = []
    for (const each of writes) outcomes.push(...(await write(session, [each])))
    return outcomes
  }),
  'repeats the token in an outcome': eachOutcome((outcome, { settings }) =>
    withProblem(
      outcome,
      problem => new Problem(problem.kind, `${problem.message} We sent ${settings.token}.`),
    ),
  ),
  'takes a lost update for a done one': otherWrite(async (write, session, writes) => {
    const outcomes = await write(session, writes)
    return outcomes.map((outcome, turn): Outcome => {
      const id = writes[turn]?.id ?? null
      return outcome.is === 'unknown' && id !== null
        ? { key: outcome.key, is: 'applied', id, version: null }
        : outcome
    })
  }),
  'sends an update only once': otherWrite(async (write, session, writes) => {
    const known = sent.get(session) ?? new Set()
    sent.set(session, known)
    const outcomes: Outcome[] = []
    for (const each of writes) {
      const name = `${each.key} ${each.id} ${JSON.stringify(each.row)}`
      const { key, id } = each
      if (id !== null && known.has(name)) outcomes.push({ key, is: 'applied', id, version: null })
      else outcomes.push(...(await write(session, [each])))
      known.add(name)
    }
    return outcomes
  }),
  'lets one lost answer speak for all': otherWrite(async (write, session, writes) => {
    const outcomes = await write(session, writes)
    const lost = outcomes.find(outcome => outcome.is === 'unknown')
    return outcomes.map((outcome): Outcome => {
      if (!lost || outcome.is !== 'applied') return outcome
      return { key: outcome.key, is: 'refused', problem: new Problem('passing', 'The call failed.') }
    })
  }),
}
