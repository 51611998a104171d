/** The kind says what Linchpin does next, so it never has to guess from a status code. */
export type ProblemKind =
  | 'passing' // try again later, on its own
  | 'busy' // try again after `retryAfterMs`; the whole connection slows down
  | 'refused' // this record is wrong for the remote: park it, go on with the others
  | 'conflict' // the record moved on: read it again, decide again
  | 'login' // pause the connection; someone must sign in again
  | 'settings' // pause the connection; an operator must correct it
  | 'surprise' // we do not understand: park it and show it to a developer

export const problemKinds: readonly ProblemKind[] = [
  'passing',
  'busy',
  'refused',
  'conflict',
  'login',
  'settings',
  'surprise',
]

/**
 * Trouble with a remote system. Its message is shown to people: what happened, to which record, and what to do. It
 * never holds a secret.
 */
export class Problem extends Error {
  override readonly name = 'Problem'
  readonly kind: ProblemKind
  /** Of `busy`: how long the remote asks us to wait, in milliseconds. */
  readonly retryAfterMs: number | null

  constructor(kind: ProblemKind, message: string, more: { cause?: unknown; retryAfterMs?: number } = {}) {
    super(message, { cause: more.cause })
    this.kind = kind
    this.retryAfterMs = more.retryAfterMs ?? null
  }
}

/**
 * Names a person, a company or an e-mail address in the words of a Problem: in quotation marks, and with none inside, so
 * that what must not leave the house can be taken out of them.
 */
export function quoted(name: string): string {
  return `"${name.replaceAll('"', "'")}"`
}

/** We cannot know whether what we sent took effect: no answer came, or one that says nothing. */
export class Unanswered extends Problem {}

/** How long to wait by a Retry-After header, which is seconds or a date (RFC 9110 §10.2.3). At most a day. */
export function retryAfterMs(header: string | null, now: number): number {
  const fallback = 1000
  if (header === null) return fallback
  const wait = /^\d+$/.test(header.trim()) ? Number(header) * 1000 : Date.parse(header) - now
  return Number.isFinite(wait) ? Math.min(Math.max(wait, 0), 86_400_000) : fallback
}

/** How long an HTTP answer asks us to leave the remote alone, in ms; null: it does not. */
export function askedToWaitMs(
  { status, headers }: { status: number; headers: Headers },
  now: number,
): number | null {
  const asks = status === 429 || (status === 503 && headers.has('retry-after'))
  return asks ? retryAfterMs(headers.get('retry-after'), now) : null
}

/** The usual reading of an HTTP answer that is not a success. A connector overrides it only where its vendor differs. */
export function problemOf(
  response: { status: number; headers: Headers },
  remote: string,
  now: number,
): Problem {
  const { status } = response
  const wait = askedToWaitMs(response, now)
  if (wait !== null)
    return new Problem('busy', `${remote} asks us to wait ${Math.ceil(wait / 1000)} s.`, {
      retryAfterMs: wait,
    })
  if (status === 401)
    return new Problem(
      'login',
      `${remote} refused our credentials (401). Enter them again for this connection.`,
    )
  if (status === 403)
    return new Problem(
      'login',
      `${remote} knows us but does not let us do this (403). Give our user the right to it.`,
    )
  if (status === 409 || status === 412)
    return new Problem('conflict', `The record changed in ${remote} meanwhile (${status}).`)
  if (status === 408 || status >= 500) return new Problem('passing', `${remote} failed (${status}).`)
  if (status >= 400) return new Problem('refused', `${remote} refused the record (${status}).`)
  return new Problem('surprise', `${remote} answered ${status}, which we did not expect.`)
}
