import { entity as entities, type TimelineAnswer, type TimelineEvent } from '@linchpin/api'
import { Argument, type Command } from 'commander'
import { contextOf } from '../context.ts'
import { table } from '../output.ts'

type EntityName = TimelineAnswer['record']['entity']

/** One record: its story, and what people say about it. */
export function addRecord(program: Command): void {
  const record = program.command('record').description('one record: its story, and what people say about it')
  const ofRecord = (name: string) =>
    record
      .command(name)
      .argument('<connection>', 'where it is')
      .addArgument(new Argument('<entity>', 'what it is').choices(entities.options))
      .argument('<id>', 'its id there')
  ofRecord('show')
    .description('what happened to it over all connections, newest first; personal data masked')
    .option('--reveal <why>', 'with personal data; who looked, and why, is written down')
    .action(
      async (
        connection: string,
        entity: EntityName,
        id: string,
        { reveal }: { reveal?: string },
        command: Command,
      ) => {
        const { output, client, who } = contextOf(command)
        const [api, key] = [await client(), { connection, entity, id }]
        const story = await (reveal === undefined
          ? api.timeline(key)
          : api.reveal({ ...key, reason: reveal, who }))
        output.data(story, () => inWords(story))
      },
    )
  ofRecord('comment')
    .argument('<words>', 'what to say; it stays in the console')
    .description('say something about it')
    .action(
      async (connection: string, entity: EntityName, id: string, words: string, _, command: Command) => {
        const { output, client, who } = contextOf(command)
        const said = await (await client()).comment({ connection, entity, id, words, who })
        output.data(said, () => 'It is said.')
      },
    )
}

function inWords({ record, related, events }: TimelineAnswer): string {
  const { connection, entity, label, state, total, canonical } = record
  const head = [`${entity} ${label}`, connection, state, total ? `${total.amount} ${total.currency}` : '']
  return [
    head.filter(text => text !== '').join(' · '),
    JSON.stringify(canonical, null, 2),
    table(
      ['SYSTEM', 'WHAT', 'NUMBER', 'STATE'],
      related.map(each => [each.connection, each.entity, each.label, each.gone ? 'gone' : each.state]),
    ),
    table(
      ['WHEN', 'WHERE', 'WHAT', ''],
      events.map(each => [each.at, `${each.connection} ${each.entity}`, each.is, wordsOf(each)]),
    ),
  ].join('\n\n')
}

function wordsOf(event: TimelineEvent): string {
  switch (event.is) {
    case 'read':
      return [event.cause, ...event.fields].join(' ')
    case 'attempt':
      return [event.flow, event.operation, event.outcome ?? 'under way', event.trouble?.words ?? ''].join(' ')
    case 'link':
      return `${event.to.connection} ${event.to.id} (${event.how})`
    case 'journal':
      return `${event.who}: ${event.what} ${event.words}`
    case 'comment':
      return `${event.who}: ${event.words}`
  }
}
