import type { Io } from '@linchpin/connector'
import { Client } from './client.ts'
import { readFacts, type Facts } from './facts.ts'
import type { Settings } from './settings.ts'

export interface Session {
  readonly settings: Settings
  readonly io: Io
  readonly client: Client
  /** Read now and then: who adds a tax rate or a currency need not restart us. */
  readonly facts: () => Promise<Facts>
  /** Read now. */
  readonly freshFacts: () => Promise<Facts>
}

const rememberMs = 5 * 60_000

export function openSession(settings: Settings, io: Io): Session {
  const client = new Client(settings, io)
  let known: { readonly until: number; readonly facts: Promise<Facts> } | null = null
  const freshFacts = async () => {
    const facts = readFacts(client)
    known = { until: io.now() + rememberMs, facts }
    try {
      return await facts
    } catch (error) {
      known = null
      throw error
    }
  }
  const facts = () => (known && io.now() < known.until ? known.facts : freshFacts())
  return { settings, io, client, facts, freshFacts }
}
