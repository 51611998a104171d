import { capabilitiesOf } from '@linchpin/connector'
import type { ConnectionDetail } from '@linchpin/api'
import type { Connection } from '@linchpin/engine'
import type { EntityName } from '@linchpin/model'
import type { z } from 'zod'
import { reference } from '../config/schema.ts'
import type { Linchpin } from '../linchpin.ts'
import { iso, isoOrNull } from '../http/status.ts'
import { connectionsHealth } from './home.ts'

export async function connectionAnswer(
  linchpin: Linchpin,
  connection: Connection,
): Promise<ConnectionDetail> {
  const { store, config } = linchpin
  const { name, connector, webhookUrl } = connection
  const health = (await connectionsHealth(linchpin)).find(each => each.name === name)
  if (!health) throw new Error(`Connection ${name} is configured, and the database does not know it.`)
  const state = (await store.connections()).find(each => each.name === name)
  const { records } = await store.status()
  const configured = config.connections[name]?.settings ?? {}
  const shape = shapeOf(connector.settings)
  return {
    connection: health,
    settings: Object.entries(configured).map(([field, value]) => {
      const secret =
        reference.safeParse(value).success || shape[field]?.meta()?.['secret'] === true || !shape[field]
      return { name: field, value: secret ? null : textOf(value), secret }
    }),
    credentials: Object.entries(configured).flatMap(([field, value]) => credentialOf(field, value, shape)),
    entities: Object.entries(capabilitiesOf(connector).entities).map(([entity, can]) => {
      const poll = state?.polls.find(each => each.entity === entity)
      const count = records.find(each => each.connection === name && each.entity === entity)?.count ?? 0
      return {
        entity: entity as EntityName,
        count,
        poll: can.poll,
        get: can.get,
        match: can.match,
        write: can.write,
        create: can.create,
        nextAt: poll ? iso(poll.nextAt) : null,
        finishedAt: isoOrNull(poll?.finishedAt ?? null),
        problem: poll?.problem ?? null,
      }
    }),
    webhookUrl: connector.webhook ? (webhookUrl ?? null) : null,
  }
}

function shapeOf(settings: z.ZodType): Readonly<Record<string, z.ZodType | undefined>> {
  return (settings as { shape?: Record<string, z.ZodType> }).shape ?? {}
}

const textOf = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value))

/** Where a credential is kept; what it is, nobody reads here. */
function credentialOf(
  field: string,
  value: unknown,
  shape: ReturnType<typeof shapeOf>,
): ConnectionDetail['credentials'] {
  const asked = reference.safeParse(value)
  if (!asked.success && shape[field]?.meta()?.['secret'] !== true) return []
  const where = !asked.success ? 'configuration' : 'secret' in asked.data ? 'database' : 'environment'
  return [{ name: field, changedAt: null, expiresAt: null, where }]
}
