import { readFileSync, writeFileSync } from 'node:fs'
import { gunzipSync, gzipSync } from 'node:zlib'
import { buildClientSchema, printSchema, type IntrospectionQuery } from 'graphql'

/**
 * Makes fixtures/admin-<version>.graphql.gz from an unpacked @shopify/dev-mcp:
 * `npx tsx connectors/shopify/scripts/schema.ts path/to/package 2026-10`. The descriptions, four fifths of it, are left out.
 */
const [folder = '', version = ''] = process.argv.slice(2)
const packed = readFileSync(`${folder}/dist/data/admin_${version}.json.gz`)
const answer = JSON.parse(gunzipSync(packed).toString('utf8')) as { data?: IntrospectionQuery }
const told = withoutDescriptions(answer.data ?? answer) as IntrospectionQuery
const file = new URL(`../fixtures/admin-${version}.graphql.gz`, import.meta.url)
writeFileSync(file, gzipSync(printSchema(buildClientSchema(told)), { level: 9 }))

function withoutDescriptions(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutDescriptions)
  if (value === null || typeof value !== 'object') return value
  const fields = Object.entries(value).filter(([name]) => name !== 'description')
  return Object.fromEntries(fields.map(([name, each]) => [name, withoutDescriptions(each)]))
}
