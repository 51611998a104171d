import { Problem } from '@linchpin/connector'
import type { Session } from '../client.ts'
import { both, otherChanges, otherGet, otherHealth, otherIo, type Flaw, type Flaws } from './change.ts'

/** What happens instead when reading fails. */
const onFailure = (change: (problem: Problem, session: Session) => unknown): Flaw => {
  const failed = (error: unknown, session: Session): never => {
    throw error instanceof Problem ? change(error, session) : error
  }
  return both(
    otherChanges((changes, session, ...given) =>
      changes(session, ...given).catch((error: unknown) => failed(error, session)),
    ),
    otherGet((get, session, ids) => get(session, ids).catch((error: unknown) => failed(error, session))),
  )
}

export const faultFlaws: Flaws = {
  'forgets how long to wait': onFailure(problem => new Problem(problem.kind, problem.message)),
  'reads Retry-After as seconds only': onFailure(problem =>
    problem.kind === 'busy'
      ? new Problem('busy', problem.message, { retryAfterMs: Math.floor((problem.retryAfterMs ?? 0) / 2) })
      : problem,
  ),
  'lets other errors out': onFailure(problem => problem.cause ?? problem),
  'is surprised by every failure': onFailure(problem => new Problem('surprise', problem.message)),
  'takes a web page for an empty list': otherChanges((changes, session, after, limit) =>
    changes(session, after, limit).catch((error: unknown) => {
      if (error instanceof Problem && /cannot read/.test(error.message))
        return { items: [], next: after ?? '{}', more: false }
      throw error
    }),
  ),
  'throws from health': otherHealth(async (health, session) => {
    const answer = await health(session)
    if (answer.problem) throw answer.problem
    return answer
  }),
  'is always well': otherHealth(async () => ({ is: 'up', notes: [] })),
  'does not know trouble with signing in': otherHealth(async (health, session) => {
    const { problem: _problem, ...answer } = await health(session)
    return answer
  }),
  'logs the token': otherIo((io, { settings }) => ({
    ...io,
    fetch: (url, init) => {
      io.log(`calling ${url}`, { token: settings.token })
      return io.fetch(url, init)
    },
  })),
  'repeats the token in an error': onFailure(
    (problem, { settings }) => new Problem(problem.kind, `${problem.message} We sent ${settings.token}.`),
  ),
  'puts the token into the address': otherIo((io, { settings }) => ({
    ...io,
    fetch: (url, init) => {
      const address = new URL(url)
      address.searchParams.set('token', settings.token)
      return io.fetch(address.href, init)
    },
  })),
  'tries again and again': otherChanges(async (changes, session, after, limit) => {
    for (let attempt = 0; attempt < 4; attempt += 1) {
      const page = await changes(session, after, limit).catch(() => null)
      if (page) return page
    }
    return changes(session, after, limit)
  }),
  'keeps a global': connector => {
    let first: Promise<unknown> | undefined
    return { ...connector, open: (settings, io) => (first ??= connector.open(settings, io)) }
  },
}
