import { roleNames } from '@linchpin/api'
import { conditionSchema, mappingSchema } from '@linchpin/mapping'
import { decimal, entityNames, instant, type EntityName } from '@linchpin/model'
import { z } from 'zod'

/**
 * What stands in linchpin.config.ts (or .json, .yaml). Strict at every level: a key that we do not know is a mistake,
 * not a wish for later.
 */

/** '10s', '5m', '2h': how long, or how often. */
const duration = z.string().regex(/^[1-9]\d*(ms|s|m|h|d)$/, 'a duration like "10s", "5m" or "2h"')

const entity = z.enum(entityNames as [EntityName, ...EntityName[]])

/** A value that is not in the file: `env` is shown when the configuration is printed, `secret` never is. */
export const reference = z.union([
  z.strictObject({ env: z.string().min(1) }),
  z.strictObject({ secret: z.string().min(1) }),
])
export type Reference = z.infer<typeof reference>

export const connectionSchema = z.strictObject({
  /** Which kind of system: the name of a connector. */
  connector: z.string().min(1),
  /** What that connector asks for. Any value may be a reference. */
  settings: z.record(z.string(), z.json()),
  /** How much this one bears, where that is less or more than the connector takes for granted. */
  limits: z
    .strictObject({
      /** Requests in `perMs` milliseconds, over all nodes together. */
      requests: z.int().min(1).optional(),
      perMs: z.int().min(1).optional(),
      /** Deliveries that a node has under way at once. */
      atOnce: z.int().min(1).max(100).optional(),
    })
    .optional(),
  /** Its own process on the bus: `linchpin adapter <connection>`. */
  adapter: z
    .strictObject({
      /** A PostgreSQL of its own; without it, the adapter brings and runs one. */
      database: z.union([z.string(), reference]).optional(),
      /** Where it listens; by default on any free port, which it tells. */
      port: z.int().min(0).max(65_535).optional(),
      /** Where others reach it. */
      publicUrl: z.url({ protocol: /^https?$/ }).optional(),
    })
    .optional(),
  /** Your own reading of its rows, laid over the connector's. */
  mappings: z.partialRecord(entity, mappingSchema).optional(),
})
export type ConnectionConfig = z.infer<typeof connectionSchema>

/** Of a flow in batches, when nobody was there at its time: 'once' for all that were missed, 'all' of them, or 'skip'. */
const missedRuns = z.enum(['once', 'all', 'skip']).optional()

const scheduleSchema = z.union([
  z.strictObject({ every: duration, missed: missedRuns }),
  z.strictObject({ cron: z.string().min(9), zone: z.string().default('UTC'), missed: missedRuns }),
])

const mode = z.enum(['realtime', 'batch', 'continuous'])

/** 'automatic': by itself; 'propose': when a person says so; 'ask': a person names it; 'ignore': not compared. */
const healing = z.enum(['automatic', 'propose', 'ask', 'ignore'])
const missing = z.enum(['automatic', 'propose', 'ask'])

/** What can be said of any flow. */
const flowOptions = {
  priority: z.int().min(1).max(1000).optional(),
  /** 'change': whatever changes; 'asked': only what another record needs. */
  trigger: z.enum(['change', 'asked']).optional(),
  create: z.boolean().optional(),
  update: z.boolean().optional(),
  match: z.boolean().optional(),
  where: conditionSchema.optional(),
  mapping: mappingSchema.optional(),
  /** Documents issued before are left alone: an instant, or 'always'. By default, the flow's first start. */
  since: z.union([instant, z.literal('always')]).optional(),
  /** Pieces kept back from sale. */
  buffer: decimal.optional(),
  schedule: scheduleSchema.optional(),
  /**
   * 'realtime': by webhooks and sweeps; 'batch': what changed waits for the times of the schedule; 'continuous': its two
   * sides are compared all the time, too. A list mixes them: ['realtime', 'batch'] delivers at once, and reports each sweep.
   */
  mode: z.union([mode, z.array(mode).min(1)]).optional(),
  /**
   * 'hub': one process, by way of the canonical record; 'bus': an adapter for each system; 'point-to-point': one
   * process, from row to row. A flow's `mapping` then reads the source's row.
   */
  topology: z.enum(['hub', 'bus', 'point-to-point']).optional(),
  /** The flow runs, and writes nothing but what it would have written. */
  shadow: z.boolean().optional(),
  /** What is done about differences that a comparison finds; by default, what the entity asks for. */
  heal: z
    .strictObject({
      /** Records that are not in the target. */
      missing: missing.optional(),
      /** Single fields, by the target's names. */
      fields: z.record(z.string(), healing).optional(),
      /** All other fields. */
      otherwise: healing.optional(),
    })
    .optional(),
}

export const flowSchema = z.strictObject({
  name: z.string().regex(/^[a-z][a-z0-9-]*$/, 'a name of small letters, digits and hyphens'),
  entity,
  from: z.string(),
  to: z.string(),
  ...flowOptions,
})
export type FlowConfig = z.infer<typeof flowSchema>

/** The standard flows between one shop and one ERP. */
export const orderToCashSchema = z.strictObject({
  preset: z.literal('orderToCash'),
  shop: z.string(),
  erp: z.string(),
  since: flowOptions.since,
  buffer: flowOptions.buffer,
  schedule: flowOptions.schedule,
  topology: flowOptions.topology,
  /** Changes to single flows of the preset, by entity and direction: { 'SalesOrder to erp': { since: 'always' } }. */
  change: z.record(z.string(), z.union([z.literal(false), z.strictObject(flowOptions)])).optional(),
})
export type OrderToCash = z.infer<typeof orderToCashSchema>

const role = z.enum(roleNames)

/** An OpenID provider: Keycloak, Entra ID, Google, Authentik and others. */
const openidSchema = z.strictObject({
  /** As the provider names itself; what else is needed is read from there. */
  issuer: z.url({ protocol: /^https?$/ }),
  clientId: z.string().min(1),
  clientSecret: reference,
  /** What is written on the button: "Sign in with …". */
  label: z.string().min(1).default('single sign-on'),
  scope: z.string().default('openid profile email'),
  /** Which claim of the provider's says what somebody may, and which value gives which role; the first that fits. */
  roleClaim: z.string().default('groups'),
  roles: z.array(z.strictObject({ is: z.string().min(1), role })).default([]),
  /** Of whom no value fits; left out: they do not come in. */
  otherwise: role.optional(),
})

const withoutSlash = (url: string) => url.replace(/\/+$/, '')

export const configSchema = z.strictObject({
  /** Where Linchpin keeps its own things: the embedded database, the key file. */
  dataDir: z.string().default('.linchpin'),
  /** A PostgreSQL of your own (15 or newer); without it, Linchpin brings and runs one. */
  database: z.union([z.string(), reference]).optional(),
  http: z
    .strictObject({
      host: z.string().default('127.0.0.1'),
      port: z.int().min(0).max(65_535).default(8484),
      /** Where others reach us: webhooks and links to invoices begin with it. */
      publicUrl: z
        .url({ protocol: /^https?$/ })
        .transform(withoutSlash)
        .optional(),
      /** Whoever uses the API must show it (Authorization: Bearer …). Required when `host` is not this machine alone. */
      token: reference.optional(),
    })
    .prefault({}),
  people: z
    .strictObject({
      /** Whoever signed in signs in again after this, however busy. */
      sessionHours: z
        .int()
        .min(1)
        .max(24 * 30)
        .default(12),
      /** And after this without a sign of life. */
      idleMinutes: z
        .int()
        .min(5)
        .max(24 * 60)
        .default(60),
      /** Sign-in at a provider that you have already (OpenID Connect). */
      openid: openidSchema.optional(),
    })
    .prefault({}),
  documents: z
    .strictObject({
      /** How long a link to an invoice can be opened. */
      linkDays: z.int().min(1).max(3650).default(90),
    })
    .prefault({}),
  /** The NATS servers (2.9 or newer, with JetStream) that flows with `topology: 'bus'` go over. */
  bus: z
    .strictObject({
      /** 'nats://…' or 'tls://…' */
      servers: z.array(z.string().min(1)).min(1),
      /** How many servers of a cluster keep each message. */
      replicas: z.int().min(1).max(5).default(1),
      user: z.union([z.string(), reference]).optional(),
      password: reference.optional(),
      token: reference.optional(),
    })
    .optional(),
  alerts: z
    .strictObject({
      /** Alerts go to public addresses only; and to these, as '10.1.2.3' or '10.1.0.0/16'. */
      allowPrivate: z
        .array(
          z.union([z.ipv4(), z.ipv6(), z.cidrv4(), z.cidrv6()], {
            error: 'an address or a range like "10.1.0.0/16"',
          }),
        )
        .default([]),
    })
    .prefault({}),
  log: z.strictObject({ level: z.enum(['debug', 'info', 'warn', 'error']).default('info') }).prefault({}),
  connections: z.record(
    z.string().regex(/^[a-z][a-z0-9-]*$/, 'a name of small letters, digits and hyphens'),
    connectionSchema,
  ),
  flows: z.array(z.union([flowSchema, orderToCashSchema])),
})
export type Config = z.infer<typeof configSchema>
/** As people write it. */
export type ConfigInput = z.input<typeof configSchema>
