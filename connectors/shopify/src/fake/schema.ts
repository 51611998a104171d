import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { buildSchema, type GraphQLSchema } from 'graphql'
import { apiVersion } from '../version.ts'

let built: GraphQLSchema | null = null

/**
 * Shopify's own schema of its Admin API, whole, without its descriptions: from @shopify/dev-mcp 1.16.0 (ISC), made by
 * scripts/schema.ts.
 */
export function adminSchema(): GraphQLSchema {
  const file = new URL(`../../fixtures/admin-${apiVersion}.graphql.gz`, import.meta.url)
  built ??= buildSchema(gunzipSync(readFileSync(file)).toString('utf8'), { assumeValid: true })
  return built
}
