import { writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { ownMapping, type MappingDetail } from '@linchpin/api'
import type { Command } from 'commander'
import { contextOf } from '../context.ts'
import { EXIT } from '../exit.ts'
import { readJson } from '../json-file.ts'
import { UsageTrouble } from '../trouble.ts'
import { whole } from '../whole.ts'
import {
  changeInWords,
  differenceInWords,
  listInWords,
  mappingInWords,
  previewInWords,
  valuesInWords,
} from './mapping-words.ts'

/** How records are read and written: what a change would do, versions, and the values that tables lack. */
export function addMapping(program: Command): void {
  const mapping = program
    .command('mapping')
    .description('how records are read and written; change it while it runs')
  addLooking(mapping)
  addTrying(mapping)
  addChanging(mapping)
}

function addLooking(mapping: Command): void {
  mapping
    .command('list')
    .description('every mapping, and which version of it counts')
    .action(async (_options: unknown, command: Command) => {
      const { output, client } = contextOf(command)
      const { mappings } = await (await client()).mappings({})
      output.data(mappings, () => listInWords(mappings, Date.now()))
    })
  mapping
    .command('show <name>')
    .description('one mapping: its fields, its tables, its versions')
    .action(async (name: string, _options: unknown, command: Command) => {
      const { output, client } = contextOf(command)
      const found = await (await client()).mapping({ name })
      output.data(found, () => mappingInWords(found, Date.now()))
    })
  mapping
    .command('values <name>')
    .description('what its tables are asked for, and what they lack')
    .action(async (name: string, _options: unknown, command: Command) => {
      const { output, client } = contextOf(command)
      const { tables } = await (await client()).seenValues({ name })
      output.data(tables, () => valuesInWords(tables))
    })
  mapping
    .command('export [names...]')
    .description('what was changed while it ran, to be put into the configuration')
    .option('--out <file>', 'write it there')
    .action(async (names: string[], { out }: { out?: string }, command: Command) => {
      const { output, client, folder } = contextOf(command)
      const api = await client()
      const all = (await api.mappings({})).mappings
        .filter(({ live }) => live.version > 0)
        .map(({ name }) => name)
      const found: MappingDetail[] = []
      for (const name of names.length > 0 ? names : all) found.push(await api.mapping({ name }))
      const file = Object.fromEntries(found.map(each => [placeOf(each), each.mapping]))
      if (out !== undefined) writeFileSync(resolve(folder, out), `${JSON.stringify(file, null, 2)}\n`)
      output.data(file, () => JSON.stringify(file, null, 2))
      output.note(found.length === 0 ? 'Nothing was changed while it ran.' : EXPORTED)
    })
}

const EXPORTED =
  'Each belongs into the configuration at the place that is its name. When Linchpin runs with it: linchpin mapping roll-back <name> --to 0.'

/** Where the configuration has it. */
const placeOf = ({ does, from, entity, name }: MappingDetail) =>
  does === 'read' ? `connections.${from}.mappings.${entity}` : `mapping of the flow ${name}`

function addTrying(mapping: Command): void {
  mapping
    .command('preview <name>')
    .description('what a mapping makes of a captured record; nothing is written')
    .option('--file <file>', 'the mapping (JSON: fields, tables); by default, what is live')
    .option('--id <id>', 'of this record; by default, of one that is parked, or of the newest')
    .action(async (name: string, { file, id }: { file?: string; id?: string }, command: Command) => {
      const { output, client } = contextOf(command)
      const given = { ...(file ? { mapping: readOwn(file) } : {}), ...(id ? { id } : {}) }
      const shown = await (await client()).previewMapping({ name, ...given })
      output.data(shown, () => previewInWords(shown))
      if (shown.faults.length + shown.problems.length > 0) process.exitCode = EXIT.failed
    })
  mapping
    .command('compare <name>')
    .description('what would be different on captured records, if this mapping were live')
    .option('--file <file>', 'the mapping (JSON: fields, tables)')
    .option('--to <version>', 'or an earlier version of it', whole(0, 1_000_000))
    .option('--limit <n>', 'how many records to look at', whole(1, 200), 50)
    .action(async (name: string, options: CompareOptions, command: Command) => {
      const { file, to, limit } = options
      if ((file === undefined) === (to === undefined)) throw new UsageTrouble('Say either --file or --to.')
      const { output, client } = contextOf(command)
      const given = file === undefined ? { version: to } : { mapping: readOwn(file) }
      const shown = await (await client()).compareMapping({ name, limit, ...given })
      output.data(shown, () => differenceInWords(shown))
      if (shown.faults.length + shown.broken > 0) process.exitCode = EXIT.failed
    })
}

interface CompareOptions {
  readonly file?: string
  readonly to?: number
  readonly limit: number
}

const readOwn = (file: string) => readJson(file, ownMapping, 'mapping')

function addChanging(mapping: Command): void {
  mapping
    .command('save <name>')
    .description('save a mapping as a new version, which is live from then on')
    .requiredOption('--file <file>', 'the mapping (JSON: fields, tables)')
    .requiredOption('--why <words>', 'for the journal')
    .action(async (name: string, { file, why }: { file: string; why: string }, command: Command) => {
      const { output, client, who } = contextOf(command)
      const own = readOwn(file)
      const api = await client()
      const over = (await api.mapping({ name })).live.version
      const done = await api.saveMapping({ name, mapping: own, over, why, who })
      output.data(done, () => changeInWords(name, done.version))
    })
  mapping
    .command('retry <name>')
    .description('try again what was parked for it and can be carried now')
    .action(async (name: string, _options: unknown, command: Command) => {
      const { output, client, who } = contextOf(command)
      const api = await client()
      let count = 0
      for (const each of (await api.mended({ name })).mended)
        count += (await api.retry({ ...each, who })).count
      output.data({ count }, () => `${count} are tried again.`)
    })
  mapping
    .command('roll-back <name>')
    .description('make an earlier version live again; 0 is the one of the configuration')
    .requiredOption('--to <version>', 'which one', whole(0, 1_000_000))
    .requiredOption('--why <words>', 'for the journal')
    .action(async (name: string, { to, why }: { to: number; why: string }, command: Command) => {
      const { output, client, who } = contextOf(command)
      const api = await client()
      const over = (await api.mapping({ name })).live.version
      const done = await api.liveMapping({ name, version: to, over, why, who })
      output.data(done, () => changeInWords(name, done.version))
    })
}
