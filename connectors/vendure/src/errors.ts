import { Problem, type ProblemKind } from '@linchpin/connector'
import { z } from 'zod'
import type { GraphQlAnswer } from './http.ts'

type GraphQlError = NonNullable<GraphQlAnswer['errors']>[number]

/** What an error of GraphQL means for us, by its code (@vendure/core, common/error/errors). */
export function explain(error: GraphQlError, operation: string, hush: (words: string) => string): Problem {
  const code = error.extensions?.code ?? ''
  const said = hush(error.message)
  switch (code) {
    case 'FORBIDDEN':
    case 'UNAUTHORIZED':
      return new Problem(
        'login',
        `Vendure does not let our user do this (${operation}). Give its role the right to it.`,
      )
    case 'CHANNEL_NOT_FOUND':
      return new Problem('settings', 'Vendure knows no channel with this token. Correct it in the settings.')
    case 'ENTITY_NOT_FOUND':
      return new Problem('refused', `The record is not in Vendure: ${said}`)
    case 'USER_INPUT_ERROR':
    case 'BAD_USER_INPUT':
    case 'ILLEGAL_OPERATION':
      return new Problem('refused', `Vendure refused: ${said}`)
    case 'GRAPHQL_VALIDATION_FAILED':
    case 'GRAPHQL_PARSE_FAILED':
      return new Problem(
        'surprise',
        `This Vendure does not understand ${operation}; is it older than 3.0? ${said}`,
      )
    default:
      return new Problem(kindOf(said), `Vendure failed in ${operation}: ${said}`)
  }
}

/** Its mutations are transactions, so an error without a code left nothing behind; the database's own may pass. */
function kindOf(words: string): ProblemKind {
  return /deadlock|could not serialize|lock timeout|SQLITE_BUSY|connection terminated/i.test(words)
    ? 'passing'
    : 'surprise'
}

/** A refusal that Vendure answers with HTTP 200 in place of the result. */
export const errorResult = z.looseObject({
  errorCode: z.string(),
  message: z.string(),
  transitionError: z.string().optional(),
  fulfillmentHandlerError: z.string().optional(),
})

/** For the selection of every union. */
export const onErrorResult = '... on ErrorResult { errorCode message }'

/** A union of a result and ErrorResults. */
export function resultOf<Result>(result: z.ZodType<Result>) {
  return z.union([errorResult, result])
}

/** The result, or a Problem with Vendure's reason behind `what`. */
export function accepted<Result extends object>(
  answer: Result | z.infer<typeof errorResult>,
  what: string,
): Result {
  if (!isErrorResult(answer)) return answer
  const reason = answer.transitionError ?? answer.fulfillmentHandlerError ?? answer.message
  throw new Problem('refused', `${what}: ${reason} (${answer.errorCode})`)
}

function isErrorResult(answer: object): answer is z.infer<typeof errorResult> {
  return 'errorCode' in answer
}
