import { capabilitiesOf, type Connector, type EntityCapabilities } from '@linchpin/connector'
import { connectors } from '@linchpin/server'
import { z } from 'zod'
import { checkedColumns, checkedInShort } from './checked.ts'
import { page, table } from './markdown.ts'
import { defaultOf, wordsOf, type JsonSchema } from './schema-words.ts'

export function connectorsPage(): string {
  return page('Connectors', INTRO, ...connectors.map(section))
}

const INTRO = `What each connector can do, as its code says: a function that is there is a capability.

- **polled**: its changes are found by asking. **by id**: one record can be read. **found by**: a record that is there
  already can be recognised by a key (SKU, e-mail, VAT number) before a new one is made.
- **file**: the PDF of an invoice can be fetched.
- **written**: \`create\` and \`update\`, or \`update\` alone.
- **lost answer**: what happens when a create was sent and its answer was lost.
  \`safe\`: it is sent again, the system knows it by our key. \`find\`: it is looked for first. \`ask\`: a person is asked.
  See [attempt and outcome](../concepts/attempt-and-outcome.md).
- The **last columns**: how many [checks of the conformance suite](../how-to/write-a-connector.md#the-promises) passed, of
  those that apply to the entity, against what, and on which day (UTC). \`npm run conformance\` writes them down. A
  look-alike is a program of ours, not the real system; where a connector was checked against that too, a column says so.`

/** For the README: one line a connector. */
export function connectorsTable(): string {
  const rows = connectors.map(connector => {
    const { entities, webhook } = capabilitiesOf(connector)
    const named = (which: (can: EntityCapabilities) => boolean) =>
      Object.entries(entities)
        .filter(([, can]) => which(can))
        .map(([name]) => name)
        .join(', ')
    return [
      `[${connector.title}](connectors/${connector.id}/README.md), ${connector.role === 'shop' ? 'shop' : 'ERP'}`,
      named(({ poll, get }) => poll || get),
      named(({ create }) => create),
      named(({ write, create }) => write !== null && !create),
      webhook ? 'webhooks and polls' : 'polls',
      checkedInShort(connector.id),
    ]
  })
  return table(['', 'reads', 'creates and updates', 'only updates', 'notices changes by', 'checked'], rows)
}

function section(connector: Connector): string {
  const { entities, webhook } = capabilitiesOf(connector)
  return [
    `## ${connector.title}`,
    `\`connector: '${connector.id}'\`, ${connector.role === 'shop' ? 'a shop' : 'an ERP'}. ${limits(connector)} ${
      webhook ? 'It takes webhooks.' : 'It has no webhooks: changes are found by asking.'
    } How to connect one, and what is odd about it: [its README](../../connectors/${connector.id}/README.md).`,
    entitiesTable(connector.id, entities),
    `Settings. A key that is not here is an error.`,
    settingsTable(connector),
  ].join('\n\n')
}

function entitiesTable(id: string, entities: Readonly<Record<string, EntityCapabilities>>): string {
  const checked = checkedColumns(id, Object.keys(entities))
  const at = (row: number) => checked.map(column => column[row] ?? '')
  const head = ['entity', 'polled', 'by id', 'found by key', 'file', 'written', 'lost answer', ...at(0)]
  const rows = Object.entries(entities).map(([name, can], index) => [name, ...cellsOf(can), ...at(index + 1)])
  return table(head, rows)
}

function limits({ limits: { requests, perMs, atOnce } }: Connector): string {
  return `Linchpin sends it at most ${requests} requests in ${perMs / 1000} s, ${atOnce} at once.`
}

function cellsOf({ poll, get, match, file, write, create }: EntityCapabilities): readonly string[] {
  const written = write === null ? '' : create ? 'create, update' : 'update'
  return [mark(poll), mark(get), mark(match), mark(file), written, create ? (write ?? '') : '']
}

const mark = (can: boolean) => (can ? 'yes' : '')

function settingsTable(connector: Connector): string {
  const schema = z.toJSONSchema(connector.settings, { io: 'input', unrepresentable: 'any' }) as JsonSchema
  const rows = Object.entries(schema.properties ?? {}).map(([name, property]) => [
    `\`${name}\`${schema.required?.includes(name) ? ' (needed)' : ''}`,
    wordsOf(property),
    defaultOf(property),
    `${property.description ?? ''}${isSecret(property) ? ' Secret.' : ''}`.trim(),
  ])
  return table(['setting', 'takes', 'when left out', 'what it is'], rows)
}

const isSecret = (property: JsonSchema) => (property as { secret?: boolean }).secret === true
