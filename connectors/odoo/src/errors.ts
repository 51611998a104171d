import { Problem, quoted, type ProblemKind } from '@linchpin/connector'

type Made = new (kind: ProblemKind, message: string) => Problem

/**
 * What an exception of Odoo means for us, by its Python name. `Doubtful` is the class for those that do not prove that
 * nothing happened.
 */
export function explain(name: string, message: string, call: string, Doubtful: Made = Problem): Problem {
  const said = saidIn(message)
  const last = name.split('.').at(-1) ?? ''
  if (name.startsWith('psycopg2') && /database ".*" does not exist/.test(message))
    return new Problem('settings', 'Odoo has no such database. Check its name in the settings.')
  if (/Object .* doesn't exist/.test(message))
    return new Problem('settings', `Odoo does not know ${call}: is the module installed?`)
  switch (last) {
    case 'AccessDenied':
      return new Problem('login', 'Odoo refused our login or API key. Enter them again for this connection.')
    case 'SessionExpiredException':
      return new Problem('login', 'Our session at Odoo has ended. Sign in again.')
    case 'AccessError':
    case 'Forbidden':
      return new Problem('login', `Odoo does not let our user do this (${call}): ${said}`)
    case 'MissingError':
      return new Problem('refused', `The record is no longer in Odoo: ${said}`)
    case 'UserError':
    case 'ValidationError':
    case 'RedirectWarning':
    case 'CacheMiss':
      return new Problem('refused', `Odoo refused: ${said}`)
    case 'NotFound':
      return new Problem('settings', `Odoo does not know ${call}: is the module installed? It says: ${said}`)
    case 'SerializationFailure':
    case 'TransactionRollbackError':
    case 'DeadlockDetected':
    case 'LockNotAvailable':
    case 'LockError':
    case 'ConcurrencyError':
      return new Problem('passing', 'Odoo was busy with the same record. We try again.')
    case 'OperationalError':
      return new Doubtful('passing', 'Odoo could not reach its database.')
    default:
      if (Doubtful !== Problem) return new Doubtful('passing', `Odoo failed in ${call}: ${said}`)
      return new Problem('surprise', `Odoo failed in ${call} (${name}): ${said}`)
  }
}

/** Odoo's own words. It names people in brackets, 'partner [Ada]', which we quote as all names in a reason are. */
export function saidIn(message: string): string {
  return message
    .trim()
    .replace(/\[([^\]]+)\]/g, (_, name: string) => quoted(name))
    .slice(0, 500)
}
