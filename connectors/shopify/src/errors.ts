import { Problem } from '@linchpin/connector'
import { z } from 'zod'
import type { GraphQlAnswer } from './http.ts'

type GraphQlError = NonNullable<GraphQlAnswer['errors']>[number]

/** What an error of GraphQL means for us, by its code (https://shopify.dev/docs/api/usage/response-codes). */
export function explain({ message, extensions }: GraphQlError, operation: string): Problem {
  switch (extensions?.code ?? '') {
    case 'ACCESS_DENIED':
      return new Problem(
        'login',
        `Shopify does not let our app do this (${operation}): ${message} Give it the access scope, then install it anew.`,
      )
    case 'SHOP_INACTIVE':
      return new Problem('settings', 'The shop is closed at Shopify. Its owner has to open it again.')
    case 'INTERNAL_SERVER_ERROR':
      return new Problem('passing', `Shopify failed in ${operation}.`)
    case 'MAX_COST_EXCEEDED':
      return new Problem('surprise', `${operation} is more than Shopify answers at once: ${message}`)
    default:
      return new Problem('surprise', `Shopify did not take ${operation}: ${message}`)
  }
}

/** What is wrong with an input: it comes with HTTP 200, beside data that is null. */
export const userErrors = z.array(
  z.looseObject({
    field: z.array(z.string()).nullish(),
    message: z.string(),
    code: z.string().nullish(),
  }),
)
export type UserErrors = z.infer<typeof userErrors>

/** Throws a refusal with Shopify's reasons behind `what`. */
export function accept(errors: UserErrors, what: string): void {
  if (errors.length === 0) return
  throw new Problem('refused', `${what}: ${reasonsIn(errors)}`)
}

export function reasonsIn(errors: UserErrors): string {
  return errors
    .map(({ message, code }) => (code ? `${message} (${code})` : message))
    .join(' ')
    .slice(0, 500)
}
