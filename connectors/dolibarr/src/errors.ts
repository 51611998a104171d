import { jsonIn, Problem, problemOf, Unanswered } from '@linchpin/connector'
import { z } from 'zod'

/** What Restler, Dolibarr's API server, answers when something is wrong; details stand under '0', '1' … */
const failure = z.object({
  error: z.looseObject({ code: z.coerce.number(), message: z.string().default('') }),
})

export interface Refusal {
  readonly code: number
  readonly words: string
}

/** The error in an answer. On a broken SQL statement, PHP prints a page for people before the JSON. */
export function refusalIn(text: string): Refusal | null {
  const parsed = failure.safeParse(jsonIn(text) ?? jsonIn(text.slice(Math.max(text.indexOf('{'), 0))))
  if (!parsed.success) return null
  const { code, message, ...details } = parsed.data.error
  const said = Object.values(details).filter(each => typeof each === 'string' && each !== '')
  return { code, words: [message, ...said].join('; ').slice(0, 500) }
}

/** MariaDB's words for transactions that got in each other's way, and for a database that is not there. */
const CROWDED = /deadlock|lock wait|gone away|too many connections|try restarting transaction/i

/** What an answer that is no success means. `call` is what we asked, for people: 'POST /orders'. */
export function problemOfAnswer(
  response: { readonly status: number; readonly headers: Headers },
  text: string,
  call: string,
  now: number,
): Problem {
  const { status } = response
  if (status === 429 || (status === 503 && response.headers.has('retry-after')))
    return problemOf(response, 'Dolibarr', now)
  if (status >= 300 && status < 400)
    return new Problem(
      'settings',
      `Dolibarr sends us elsewhere (${status}). Enter its own address, or finish its installation.`,
    )
  const refusal = refusalIn(text)
  if (status === 501)
    return new Problem('settings', `Dolibarr has no ${call}: switch on the module that it belongs to.`)
  if (refusal === null) return withoutWords(response, call, now)
  return withWords(status, refusal.words, call)
}

function withoutWords(response: { status: number; headers: Headers }, call: string, now: number): Problem {
  const { status } = response
  if (status === 404)
    return new Problem(
      'settings',
      'There is no Dolibarr API at this URL. Check it, and switch on the module API/Web services.',
    )
  if (status >= 500 || status === 408 || status < 300)
    return new Unanswered('passing', `Dolibarr did not answer ${call} as an API does (${status}).`)
  return problemOf(response, 'Dolibarr', now)
}

function withWords(status: number, words: string, call: string): Problem {
  if (status === 401 || status === 403)
    return new Problem(
      'login',
      `Dolibarr does not let us do ${call} (${words}). Check the API key, and the rights of its user.`,
    )
  if (CROWDED.test(words)) return new Problem('passing', `Dolibarr was busy with the same records: ${words}`)
  if (status === 404 && words === 'Not Found')
    return new Problem('settings', `Dolibarr has no ${call}: switch on the module that it belongs to.`)
  if (status === 404) return new Problem('refused', `Dolibarr does not have what ${call} is about: ${words}`)
  // Reading with a wrong filter: 503 and MariaDB's words.
  if (status === 503 && /Unknown column|SQL syntax|parameter sqlfilters/i.test(words))
    return new Problem('surprise', `Dolibarr does not understand ${call}: ${words}`)
  if (status === 503 || status === 408) return new Problem('passing', `Dolibarr failed: ${words}`)
  if (status === 409 || status === 412)
    return new Problem('conflict', `The record changed in Dolibarr: ${words}`)
  return new Problem('refused', `Dolibarr refused ${call}: ${words}`)
}
