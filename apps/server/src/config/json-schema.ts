import type { Connector } from '@linchpin/connector'
import { z } from 'zod'
import { configSchema, reference } from './schema.ts'

type JsonSchema = Record<string, unknown>

/** JSON Schema of the configuration, for editors: also of what each connector asks for. */
export function configJsonSchema(connectors: readonly Connector[]): JsonSchema {
  const schema = jsonSchema(configSchema)
  const properties = schema['properties'] as Record<string, JsonSchema>
  const perConnector = connectors.map(({ id, settings }) => ({
    if: { properties: { connector: { const: id } } },
    // oxlint-disable-next-line unicorn/no-thenable -- a keyword of JSON Schema
    then: { properties: { settings: orReference(jsonSchema(settings)) } },
  }))
  const connections = properties['connections'] ?? {}
  const connection = connections['additionalProperties'] as JsonSchema
  const named = connection['properties'] as Record<string, JsonSchema>
  const connector = { ...named['connector'], enum: connectors.map(({ id }) => id) }
  return {
    ...schema,
    title: 'linchpin.config',
    properties: {
      $schema: { type: 'string' },
      ...properties,
      connections: {
        ...connections,
        additionalProperties: { ...connection, properties: { ...named, connector }, allOf: perConnector },
      },
    },
  }
}

function jsonSchema(schema: z.ZodType): JsonSchema {
  return z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as JsonSchema
}

/** Any setting may be written as { "env": … } or { "secret": … }. */
function orReference({ $schema: _schema, ...settings }: JsonSchema): JsonSchema {
  const { $schema: _also, ...referred } = jsonSchema(reference)
  const properties = Object.entries((settings['properties'] ?? {}) as Record<string, JsonSchema>)
  return {
    ...settings,
    properties: Object.fromEntries(
      properties.map(([name, { description, ...own }]) => [name, { description, anyOf: [own, referred] }]),
    ),
  }
}
