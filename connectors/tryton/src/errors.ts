import { Problem } from '@linchpin/connector'

/** A warning that a person must read. `warning` is the name by which it can be acknowledged. */
class Warning extends Problem {
  readonly warning: string
  constructor(message: string, warning: string) {
    super('refused', message)
    this.warning = warning
  }
}

export const warningOf = (problem: Problem) => (problem instanceof Warning ? problem.warning : null)

/**
 * What Tryton answers in `error`, with HTTP 200: [type, details] for what it knows, [text, traceback] for what it does
 * not. Either way its transaction was rolled back. People see its own words, never the traceback.
 */
export function problemOfError(error: readonly unknown[], clean: (text: string) => string): Problem {
  const [type, details] = error
  const words = (Array.isArray(details) ? details : [details]).filter(
    part => typeof part === 'string' && part !== '',
  )
  switch (type) {
    case 'UserError':
      return new Problem('refused', `Tryton refused it: ${clean(words.slice(0, 2).join(' '))}`)
    case 'UserWarning': {
      const [name = '', ...message] = words.map(String)
      return new Warning(`Tryton warns, and a person should decide: ${clean(message.join(' '))}`, name)
    }
    case 'ConcurrencyException':
      return new Problem('conflict', 'The record changed in Tryton meanwhile.')
    case 'LoginException':
      return new Problem(
        'login',
        'Tryton asks for more than a password. Let its user sign in with a password alone.',
      )
    default:
      return unexpected(clean(String(type).split('\n')[0] ?? ''))
  }
}

// PostgreSQL's words for transactions that got in each other's way; Tryton passes them on after five tries.
const CROWDED = /could not (serialize|obtain lock)|deadlock|lock timeout|connection pool/i

function unexpected(words: string): Problem {
  if (CROWDED.test(words)) return new Problem('passing', `Tryton was busy with the same records: ${words}`)
  return new Problem('surprise', `Tryton failed inside: ${words.slice(0, 300)}`)
}
