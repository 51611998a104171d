import { configJsonSchema } from '@linchpin/server'
import { page, table } from './markdown.ts'
import { defaultOf, wordsOf, type JsonSchema } from './schema-words.ts'

/** What each key is for; the rest is told by the schema. A key without words, and words without a key, are errors. */
interface Words {
  readonly is: string
  /** Where the schema's own words would say less. */
  readonly takes?: string
  readonly otherwise?: string
}

export function configurationPage(): string {
  const schema = configJsonSchema([]) as JsonSchema
  const top = schema.properties ?? {}
  const [flow = {}, preset = {}] = top['flows']?.items?.anyOf ?? []
  const connection = top['connections']?.additionalProperties as JsonSchema
  const { connections: _connections, flows: _flows, $schema: _schema, ...house } = top
  return page(
    'Configuration',
    INTRO,
    '## The house',
    keys(flattened(house), HOUSE),
    '## connections',
    CONNECTIONS,
    keys(flattened(connection.properties ?? {}), CONNECTION),
    '## flows',
    FLOWS,
    '### A flow of your own',
    keys(flow.properties ?? {}, FLOW),
    '### orderToCash',
    PRESET,
    keys(preset.properties ?? {}, ORDER_TO_CASH),
  )
}

const INTRO = `\`linchpin.config.ts\` in the folder that Linchpin is started in; \`.js\`, \`.mjs\`, \`.json\`, \`.yaml\` and \`.yml\` do as well, and
\`--config <file>\` names another. A key that Linchpin does not know is an error that names the nearest right one.

- \`linchpin config check\` says whether it is right, \`linchpin config print\` shows it with all defaults and without secrets.
- \`linchpin config schema\` prints a JSON Schema for editors. In a JSON file, \`"$schema": "./linchpin.schema.json"\` points at it.
- Where a value is a reference, write \`env('NAME')\` or \`secret('NAME')\` in TypeScript, \`{ "env": "NAME" }\` or
  \`{ "secret": "NAME" }\` in JSON. Both take the environment variable \`NAME\`, or the content of the file that \`NAME_FILE\`
  names. A secret that is in neither is looked for among those entered with \`linchpin secret set\`.`

const CONNECTIONS = `A name of small letters, digits and hyphens → a connection. Do not rename one later: everything that is known of its
records goes by that name.`

const FLOWS = `A list of flows and presets. What has to go between a shop and an ERP is the preset; a flow of your own is for what it
leaves out.`

const PRESET = `\`orderToCash({ shop, erp, … })\`, or \`{ "preset": "orderToCash", … }\` in JSON. Which flows it sets, and how to change one:
[change a preset's flow](../how-to/change-a-presets-flow.md).`

const HOUSE: Readonly<Record<string, Words>> = {
  dataDir: {
    is: 'Folder for the embedded database and the key file, seen from the folder that Linchpin is started in.',
  },
  database: {
    is: 'A PostgreSQL of your own (15 or newer).',
    otherwise: '`DATABASE_URL`, else the embedded one',
  },
  'http.host': { is: 'Where to listen. Other than this machine alone only with `http.token`.' },
  'http.port': { is: 'The port.' },
  'http.publicUrl': {
    is: 'Where others reach Linchpin: webhooks and links to invoices begin with it.',
    otherwise: 'links begin with the own address, and webhooks are set up only at a shop on this machine',
  },
  'http.token': { is: 'Whoever uses the API must show it.', otherwise: 'only this machine may use the API' },
  'people.sessionHours': { is: 'Whoever signed in signs in again after so many hours, however busy.' },
  'people.idleMinutes': { is: 'And after so many minutes without a sign of life.' },
  'people.openid': {
    is: 'Sign-in at a provider that you have already (OpenID Connect).',
    otherwise: 'only passwords',
  },
  'documents.linkDays': { is: 'How long a link to an invoice can be opened.' },
  'bus.servers': {
    is: 'The NATS servers, 2.9 or newer, with JetStream: [run adapters](../how-to/run-adapters.md).',
    otherwise: 'no bus',
  },
  'bus.replicas': { is: 'How many servers of a cluster keep each message.' },
  'bus.user': { is: 'Who signs in at the bus.', otherwise: 'nobody' },
  'bus.password': { is: 'With this password.' },
  'bus.token': { is: 'Or with this token.' },
  'alerts.allowPrivate': {
    is: "Addresses and ranges of your own network that [alerts](../how-to/alerts.md) may go to: `['10.1.2.3', '192.168.7.0/24']`. All others must be public.",
  },
  'log.level': { is: 'What is worth a line in the log.' },
}

const CONNECTION: Readonly<Record<string, Words>> = {
  connector: {
    takes: '`dolibarr`, `medusa`, `metasfresh`, `odoo`, `shopify`, `tryton`, `vendure`, `woocommerce`',
    is: 'Which kind of system: [connectors](connectors.md).',
    otherwise: 'needed',
  },
  settings: { is: 'What that connector asks for. Any value may be a reference.', otherwise: 'needed' },
  'limits.requests': {
    is: 'How many requests may be sent in `limits.perMs`, by all nodes together. Lower it where a shop becomes slow for its customers.',
    otherwise: 'as the [connector](connectors.md) says',
  },
  'limits.perMs': { is: 'In how many milliseconds.', otherwise: 'as the connector says' },
  'limits.atOnce': {
    is: 'How many deliveries one node has under way at once.',
    otherwise: 'as the connector says',
  },
  'adapter.database': {
    is: 'A PostgreSQL for its adapter alone: [run adapters](../how-to/run-adapters.md).',
    otherwise: 'the adapter brings one',
  },
  'adapter.port': { is: 'Where its adapter listens.', otherwise: 'any free port, which it tells' },
  'adapter.publicUrl': {
    is: 'Where others reach its adapter: webhooks and links to invoices begin with it.',
  },
  mappings: {
    takes: 'entity → mapping',
    is: 'Your own reading of its rows, laid over the connector’s: [map a custom field](../how-to/map-a-custom-field.md).',
  },
}

const OPTIONS: Readonly<Record<string, Words>> = {
  priority: { is: 'Lower goes first.', otherwise: '100' },
  trigger: {
    is: '`change`: whatever changes. `asked`: only what another record needs, such as the customer of an order.',
    otherwise: '`change`',
  },
  create: { is: 'Whether what is not in the target may be created there.', otherwise: '`true`' },
  update: { is: 'Whether what is in the target is changed there.', otherwise: '`true`' },
  match: {
    is: 'Whether a record of the target with the same SKU, VAT number or e-mail is taken for the same.',
    otherwise: '`false`',
  },
  where: {
    takes: 'a [condition](../../packages/mapping/README.md#conditions)',
    is: 'Only records of which this holds.',
  },
  mapping: {
    takes: 'a [mapping](../../packages/mapping/README.md)',
    is: 'Your own writing of the target’s rows, laid over the connector’s.',
  },
  since: {
    takes: 'instant, or `always`',
    is: 'Orders placed before are left alone: [older orders](../how-to/move-older-orders.md).',
    otherwise: 'the first start of the flow',
  },
  buffer: {
    takes: 'decimal as text',
    is: 'Pieces of each article that are kept back from sale.',
    otherwise: '`0`',
  },
  schedule: {
    takes: '`{ every: "10s" }` or `{ cron: "0 2 * * *", zone: "Europe/Berlin" }`',
    is: 'When the source is asked for changes. Units: `ms`, `s`, `m`, `h`, `d`. The zone is UTC when left out. In mode `batch`, `missed` says what is done about times at which nobody was there: `once` (one run for all), `all`, or `skip`.',
    otherwise: '`{ every: "10s" }`',
  },
  mode: {
    otherwise: '`realtime`',
    takes: '`realtime`, `batch`, `continuous`, or a list of them',
    is: '`realtime`: by webhooks and sweeps. `batch`: [at the times of its schedule](../how-to/choose-a-mode.md). `continuous`: besides, [both sides are compared](../how-to/compare-both-sides.md#all-the-time) all the time.',
  },
  topology: {
    otherwise: '`hub`',
    is: 'Where its steps run: [choose a topology](../how-to/choose-a-topology.md). From point to point, `mapping` reads the source’s row.',
  },
  shadow: {
    otherwise: '`false`',
    is: 'The flow runs and writes nothing: it says what it would have done. [Plan](../how-to/plan.md#in-shadow).',
  },
  heal: {
    takes: "`{ missing: 'ask', fields: { name: 'ignore' }, otherwise: 'propose' }`",
    otherwise: 'as the entity asks for',
    is: 'What is done about differences: [compare both sides](../how-to/compare-both-sides.md#what-is-done-about-it).',
  },
}

const FLOW: Readonly<Record<string, Words>> = {
  name: { takes: 'small letters, digits, hyphens', is: 'Its name in every message.', otherwise: 'needed' },
  entity: { is: 'What kind of record it carries.', otherwise: 'needed' },
  from: { takes: 'name of a connection', is: 'The source.', otherwise: 'needed' },
  to: { takes: 'name of a connection', is: 'The target.', otherwise: 'needed' },
  ...OPTIONS,
}

const ORDER_TO_CASH: Readonly<Record<string, Words>> = {
  preset: { is: 'Which preset.', otherwise: 'needed' },
  shop: { takes: 'name of a connection', is: 'The shop.', otherwise: 'needed' },
  erp: { takes: 'name of a connection', is: 'The ERP.', otherwise: 'needed' },
  since: { ...OPTIONS['since'], is: 'For all its flows, as below.' } as Words,
  buffer: { ...OPTIONS['buffer'], is: 'For its stock.' } as Words,
  schedule: { ...OPTIONS['schedule'], is: 'For all its flows.' } as Words,
  topology: { ...OPTIONS['topology'], is: 'For all its flows.' } as Words,
  change: {
    takes: '`{ "Price to shop": false, "SalesOrder to erp": { … } }`',
    is: 'Changes to single flows: `false` leaves one out, an object changes its keys.',
  },
}

function keys(schemas: Readonly<Record<string, JsonSchema>>, words: Readonly<Record<string, Words>>): string {
  const odd = [
    ...Object.keys(schemas).filter(key => !words[key]),
    ...Object.keys(words).filter(key => !schemas[key]),
  ]
  if (odd.length > 0)
    throw new Error(`scripts/reference/configuration.ts and the schema differ in: ${odd.join(', ')}.`)
  const rows = Object.entries(schemas).map(([key, schema]) => {
    const { is, takes = wordsOf(schema), otherwise = defaultOf(schema) } = words[key] as Words
    return [`\`${key}\``, takes, otherwise, is]
  })
  return table(['key', 'takes', 'when left out', 'what it is'], rows)
}

/** `http: { host }` becomes `http.host`. */
function flattened(schemas: Readonly<Record<string, JsonSchema>>): Record<string, JsonSchema> {
  const entries = Object.entries(schemas).flatMap(([key, schema]) =>
    schema.properties
      ? Object.entries(schema.properties).map(([inner, each]) => [`${key}.${inner}`, each] as const)
      : [[key, schema] as const],
  )
  return Object.fromEntries(entries)
}
