import type { RouteName } from '@linchpin/api'

/** Fields that nobody may read anywhere, whatever route they come with. */
const SECRET = new Set(['password', 'newPassword', 'token', 'key', 'secret', 'secretUrl'])
const HIDDEN = '(hidden)'
const LONGEST = 1_000

/** What was asked, as it may be kept and shown: without secrets, and no longer than a person reads. */
export function withoutSecrets(name: RouteName, input: Readonly<Record<string, unknown>>): unknown {
  // Who mistypes writes a password where the address belongs.
  const unproven = name === 'signIn' ? { ...input, email: HIDDEN } : input
  return shown(unproven)
}

function shown(value: unknown): unknown {
  // PostgreSQL's jsonb does not take the sign 0.
  if (typeof value === 'string') return value.slice(0, LONGEST).replaceAll('\u0000', '')
  if (Array.isArray(value)) return value.slice(0, LONGEST).map(shown)
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).map(([name, each]) => [
    name.replaceAll('\u0000', ''),
    SECRET.has(name) ? HIDDEN : shown(each),
  ])
  return Object.fromEntries(entries)
}
