import { z } from 'zod'

/** One thing that can be asked over HTTP: server, client and reference are all made from it. */
export interface Route<
  Params extends z.ZodType = z.ZodType,
  Query extends z.ZodType = z.ZodType,
  Body extends z.ZodType = z.ZodType,
  Answer extends z.ZodType = z.ZodType,
> {
  readonly method: 'GET' | 'POST'
  /** Below /api/v1, with {names} for parameters. */
  readonly path: string
  readonly summary: string
  readonly params: Params
  readonly query: Query
  readonly body: Body
  readonly answer: Answer
}

export const nothing = z.strictObject({})

export function route<
  Answer extends z.ZodType,
  Params extends z.ZodType = typeof nothing,
  Query extends z.ZodType = typeof nothing,
  Body extends z.ZodType = typeof nothing,
>(
  method: 'GET' | 'POST',
  path: string,
  summary: string,
  shapes: { answer: Answer; params?: Params; query?: Query; body?: Body },
): Route<Params, Query, Body, Answer> {
  const none = nothing as unknown
  return {
    method,
    path,
    summary,
    params: shapes.params ?? (none as Params),
    query: shapes.query ?? (none as Query),
    body: shapes.body ?? (none as Body),
    answer: shapes.answer,
  }
}
