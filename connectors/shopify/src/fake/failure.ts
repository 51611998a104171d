import { GraphQLError } from 'graphql'

/** An error at the top of an answer, with one of Shopify's codes. */
export function failure(code: string, message: string): GraphQLError {
  return new GraphQLError(message, { extensions: { code } })
}

/** What is wrong with an input: it comes with the answer. */
export interface UserError {
  readonly field: readonly string[] | null
  readonly message: string
  readonly code?: string
}

/** An input that is not good; the mutation answers it. */
export class Refusal extends Error {
  readonly errors: readonly UserError[]

  constructor(errors: readonly UserError[]) {
    super(errors.map(({ message }) => message).join(' '))
    this.errors = errors
  }
}

export function refuse(field: readonly string[] | null, message: string, code?: string): never {
  throw new Refusal([{ field, message, ...(code === undefined ? {} : { code }) }])
}

/** Does a mutation, or answers what is wrong beside nulls. */
export function answered(
  work: () => Readonly<Record<string, unknown>>,
  list = 'userErrors',
): Readonly<Record<string, unknown>> {
  try {
    return { [list]: [], ...work() }
  } catch (error) {
    if (error instanceof Refusal) return { [list]: error.errors }
    throw error
  }
}
