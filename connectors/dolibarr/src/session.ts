import type { Io } from '@linchpin/connector'
import { makeClient, type Client } from './client.ts'
import type { Settings } from './settings.ts'

export interface Session {
  readonly settings: Settings
  readonly io: Io
  readonly client: Client
  /** What was looked up and holds for a while, by name. */
  readonly remember: <Value>(name: string, find: () => Promise<Value>) => Promise<Value>
  /** Which order an order line belongs to: it never moves. */
  readonly orderOfLine: Map<string, string>
}

const REMEMBERED_MS = 10 * 60_000

export function openSession(settings: Settings, io: Io): Session {
  const memory = new Map<string, { readonly at: number; readonly found: Promise<unknown> }>()
  return {
    settings,
    io,
    client: makeClient(settings, io),
    orderOfLine: new Map(),
    remember: <Value>(name: string, find: () => Promise<Value>): Promise<Value> => {
      const known = memory.get(name)
      if (known && io.now() - known.at < REMEMBERED_MS) return known.found as Promise<Value>
      const found = find()
      memory.set(name, { at: io.now(), found })
      // A failure is not remembered: the next call tries again.
      found.catch(() => memory.delete(name))
      return found
    },
  }
}

/** A page that people open: '/commande/card.php?id=7'. */
export const pageUrl = ({ settings }: Session, path: string) => settings.url.replace(/\/+$/, '') + path
