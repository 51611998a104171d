/** Trouble as metasfresh tells it: a status and { errors: [{ message, … }] }. */
export class Refused extends Error {
  readonly status: number

  constructor(status: number, message: string) {
    super(message)
    this.status = status
  }
}

export const errorOf = (message: string) => ({
  message,
  userFriendlyError: true,
  issueCategory: 'OTHER',
  stackTrace: 'at de.metas.lookalike(NotReal.java:1)',
})

export const answer = (value: unknown, status = 200, headers: Readonly<Record<string, string>> = {}) =>
  new Response(JSON.stringify(value), {
    status,
    headers: { 'content-type': 'application/json;charset=UTF-8', ...headers },
  })

export type Json = Readonly<Record<string, unknown>>
export const isObject = (value: unknown): value is Json =>
  value !== null && typeof value === 'object' && !Array.isArray(value)
export const objects = (value: unknown): readonly Json[] =>
  Array.isArray(value) ? (value as readonly unknown[]).filter(isObject) : []
export const texts = (value: unknown): string =>
  typeof value === 'string' ? value : value == null ? '' : JSON.stringify(value)
