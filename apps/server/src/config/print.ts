import type { Connector } from '@linchpin/connector'
import type { z } from 'zod'
import { reference, type Config } from './schema.ts'

const HIDDEN = '(hidden)'

/**
 * The configuration as it may be shown: a secret that somebody wrote into the file is hidden all the same. What no
 * connector knows is hidden too, for it may be a secret under a wrong name.
 */
export function printableConfig(config: Config, connectors: readonly Connector[]): unknown {
  const connections = Object.entries(config.connections).map(([name, connection]) => {
    const shape = shapeOf(connectors.find(({ id }) => id === connection.connector)?.settings)
    return [name, { ...connection, settings: shown(connection.settings, shape) }] as const
  })
  return withoutPasswords({ ...config, connections: Object.fromEntries(connections) })
}

function shown(settings: object, shape: Readonly<Record<string, z.ZodType>>): unknown {
  const entries = Object.entries(settings).map(([name, value]) => {
    const isOpen = shape[name] !== undefined && shape[name].meta()?.['secret'] !== true
    return [name, isOpen || reference.safeParse(value).success ? value : HIDDEN] as const
  })
  return Object.fromEntries(entries)
}

function shapeOf(settings: z.ZodType | undefined): Readonly<Record<string, z.ZodType>> {
  return (settings as { shape?: Record<string, z.ZodType> } | undefined)?.shape ?? {}
}

/** `postgres://linchpin:hunter2@db/linchpin` is a place with a secret in it. */
function withoutPasswords(value: unknown): unknown {
  if (typeof value === 'string') return value.replace(/(\/\/[^/@:\s]*):[^/@\s]+@/g, `$1:${HIDDEN}@`)
  if (Array.isArray(value)) return value.map(withoutPasswords)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, withoutPasswords(each)]))
}
