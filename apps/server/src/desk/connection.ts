import { capabilitiesOf } from '@linchpin/connector'
import type { ConnectionDetail } from '@linchpin/api'
import type { Connection } from '@linchpin/engine'
import type { EntityName } from '@linchpin/model'
import type { z } from 'zod'
import type { Credential } from '@linchpin/store'
import { addressesOf } from '../addresses.ts'
import { reference } from '../config/schema.ts'
import { ConfigTrouble } from '../config/trouble.ts'
import { Refusal } from '../http/problem.ts'
import { checkAsked } from '../secrets.ts'
import type { Linchpin } from '../linchpin.ts'
import { iso, isoOrNull } from '../http/status.ts'
import { connectionsHealth } from './home.ts'

export async function connectionAnswer(
  linchpin: Linchpin,
  connection: Connection,
): Promise<ConnectionDetail> {
  const { store, desk, config } = linchpin
  const { name, connector, webhookUrl } = connection
  const health = (await connectionsHealth(linchpin)).find(each => each.name === name)
  if (!health) throw new Error(`Connection ${name} is configured, and the database does not know it.`)
  const state = (await store.connections()).find(each => each.name === name)
  const { records } = await store.status()
  const kept = (await desk.credentials()).filter(each => each.connection === name)
  const configured = config.connections[name]?.settings ?? {}
  const shape = shapeOf(connector.settings)
  return {
    connection: health,
    settings: Object.entries(configured).map(([field, value]) => {
      const secret =
        reference.safeParse(value).success || shape[field]?.meta()?.['secret'] === true || !shape[field]
      return { name: field, value: secret ? null : textOf(value), secret }
    }),
    credentials: Object.entries(configured).flatMap(([field, value]) =>
      credentialOf(field, value, shape, kept),
    ),
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
  kept: readonly Credential[],
): ConnectionDetail['credentials'] {
  const asked = reference.safeParse(value)
  if (!asked.success && shape[field]?.meta()?.['secret'] !== true) return []
  const where = !asked.success ? 'configuration' : 'secret' in asked.data ? 'database' : 'environment'
  const found = where === 'database' ? kept.find(each => each.name === field) : undefined
  const [changedAt, expiresAt] = [isoOrNull(found?.changedAt ?? null), isoOrNull(found?.expiresAt ?? null)]
  return [{ name: field, changedAt, expiresAt, where }]
}

/** Seals what somebody entered in place of what was there. Nobody can read it back. */
export async function enterCredential(
  { config, desk, keyring, now }: Linchpin,
  {
    connection,
    name,
    secret,
    expiresAt,
  }: {
    readonly connection: string
    readonly name: string
    readonly secret: string
    readonly expiresAt: string | null
  },
): Promise<void> {
  try {
    checkAsked(config, connection, name)
  } catch (error) {
    if (error instanceof ConfigTrouble) throw new Refusal(404, 'no-credential', error.message)
    throw error
  }
  await refusePrivate(secret)
  const sealed = keyring.seal({ connection, name }, secret)
  const until = expiresAt === null ? null : Date.parse(expiresAt)
  await desk.keepCredential({ connection, name, sealed, expiresAt: until }, now())
}

/** An address as a secret: calls to it would be refused, so it is better said now. */
async function refusePrivate(secret: string): Promise<void> {
  if (!/^https?:/i.test(secret) || !URL.canParse(secret)) return
  const { hostname } = new URL(secret)
  if ((await addressesOf([])(hostname)).closed !== null)
    throw new Refusal(
      422,
      'private-address',
      `${hostname} is no public address. Linchpin speaks to such a one only where linchpin.config.ts or its environment names it.`,
    )
}
