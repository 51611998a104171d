import type { Io } from '@linchpin/connector'
import { z } from 'zod'
import type { Client } from './client.ts'
import type { Settings } from './settings.ts'

/** An open connection. What it has learned of Tryton's own tables (taxes, units) lives in `known` for five minutes. */
export interface Session {
  readonly settings: Settings
  readonly io: Io
  readonly client: Client
  readonly known: Map<string, { readonly at: number; readonly value: Promise<unknown> }>
}

const FRESH_MS = 5 * 60_000

/** The answer to a question that seldom changes its answer. A failure is not remembered. */
export function remembered<T>(session: Session, name: string, ask: () => Promise<T>): Promise<T> {
  const now = session.io.now()
  const held = session.known.get(name)
  if (held && now - held.at < FRESH_MS) return held.value as Promise<T>
  const value = ask()
  session.known.set(name, { at: now, value })
  value.catch(() => session.known.delete(name))
  return value
}

export const ids = z.array(z.int())

export type Domain = readonly unknown[]

export interface Search {
  readonly where: Domain
  readonly fields: readonly string[]
  readonly order?: readonly (readonly [string, 'ASC' | 'DESC'])[]
  readonly limit?: number
  readonly context?: Readonly<Record<string, unknown>>
}

/** Finds and reads in one call. Inactive records count too, unless the domain says otherwise. */
export function searchRead<T>(
  session: Session,
  model: string,
  shape: z.ZodType<T>,
  search: Search,
): Promise<T> {
  const { where, fields, order = [['id', 'ASC']], limit = null, context = {} } = search
  const request = [where, 0, limit, order, fields]
  return session.client.ask(shape, `model.${model}.search_read`, request, { active_test: false, ...context })
}

/** Ids as Tryton has them; what is no whole number up to 2³¹ is none of its ids. */
export const numbers = (texts: readonly string[]): number[] =>
  texts.filter(text => /^\d{1,10}$/.test(text) && Number(text) < 2 ** 31).map(Number)
