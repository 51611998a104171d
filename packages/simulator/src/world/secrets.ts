import type { Kernel } from '../kernel.ts'
import type { Plan } from '../plan.ts'
import { SHOPS } from './setup.ts'

/** What the systems ask for, and what the operator has entered. One word is API token and webhook secret at once. */
export interface Secrets {
  /** What the system signs its webhooks with. */
  readonly signing: (remote: string) => string
  /** Whether it lets in who shows this. */
  readonly admits: (remote: string, token: string) => boolean
  /** What a node that begins now knows. */
  readonly entered: (remote: string) => string
  /** Called when the operator has entered a new one. */
  onEntered: () => void
}

/** For so long the old one is let in beside the new one. */
const MOMENT_MS = 30_000
const OLD = 'sim'

/** At `from` one shop gets a new secret; some time later its operator enters it. */
export function createSecrets(kernel: Kernel, { people }: Plan, from: number): Secrets {
  const chance = kernel.chance('secrets')
  const shop = chance.pick(SHOPS)
  const enteredAt = from + chance.between(10_000, 150_000)
  const newOne = `${OLD} ${chance.between(1, 1e9)}`
  const since = (ms: number) => people.secrets && kernel.now() >= ms
  const secrets: Secrets = {
    signing: remote => (remote === shop && since(from) ? newOne : OLD),
    entered: remote => (remote === shop && since(enteredAt) ? newOne : OLD),
    admits(remote, token) {
      if (remote !== shop || !since(from)) return token === OLD
      return token === newOne || (token === OLD && !since(from + MOMENT_MS))
    },
    onEntered: () => {},
  }
  if (people.secrets) kernel.at(enteredAt, 'the operator enters a secret', () => secrets.onEntered())
  return secrets
}
