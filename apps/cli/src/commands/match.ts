import { rmSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import {
  fresher,
  matchFile,
  type Client,
  type MatchedAnswer,
  type MatchFile,
  type ToldAnswer,
} from '@linchpin/api'
import type { Command } from 'commander'
import { contextOf, type Context } from '../context.ts'
import { EXIT } from '../exit.ts'
import { readJson } from '../json-file.ts'
import { asTold, table } from '../output.ts'
import { openPages, type Pages } from '../pages.ts'
import { counter, progress } from '../progress.ts'
import { UsageTrouble } from '../trouble.ts'

export function addMatch(program: Command): void {
  program
    .command('match <flow>')
    .description(
      "which of a source's records are in the target already; nothing is linked before a person has read it",
    )
    .option('--out <file>', 'write it there, to be corrected and applied; broken off, it goes on from there')
    .option('--apply <file>', 'link what stands in this file')
    .action(async (flow: string, { out, apply }: { out?: string; apply?: string }, command: Command) => {
      if (out !== undefined && apply !== undefined) throw new UsageTrouble('Say either --out or --apply.')
      const context = contextOf(command)
      await (apply === undefined ? look(context, flow, out) : link(context, flow, apply))
    })
}

async function look(
  { client: open, output, folder }: Context,
  named: string,
  out: string | undefined,
): Promise<void> {
  const client = await open()
  const flow = (await client.status({})).flows.find(({ name }) => name === named)
  const kept = out === undefined ? null : resolve(folder, `${out}.part`)
  const pages = openPages<MatchedAnswer>(kept, named)
  if (pages.count > 0) output.note(`Goes on after ${pages.count} records that were read before.`)
  const found = await theRest(client, named, pages, output)
  const { entity, from, to } = flow as NonNullable<typeof flow>
  const about = { kind: 'linchpin matches', version: 1, at: new Date().toISOString() } as const
  const file: MatchFile = { ...about, flow: named, entity, from, to, records: recordsOf(found) }
  if (out !== undefined) writeFileSync(resolve(folder, out), `${JSON.stringify(file, null, 1)}\n`)
  if (kept !== null) rmSync(kept, { force: true })
  output.data(file, () => inWords(file, found, out))
}

async function theRest(
  client: Client,
  flow: string,
  pages: Pages<MatchedAnswer>,
  output: Context['output'],
): Promise<readonly MatchedAnswer[]> {
  const line = counter('records read', output.json)
  let fresh: ToldAnswer | null = null
  while (!pages.ended) {
    const { matched, next, told } = await client.match({ flow, cursor: pages.cursor })
    pages.add(matched, next)
    fresh = fresher(fresh, told)
    line.at(pages.count)
  }
  const found = new Map(pages.all().map(each => [each.id, each]))
  line.end(found.size)
  if (fresh !== null) output.note(asTold(fresh))
  return [...found.values()]
}

/** Those that are linked need nobody. Two that claim one record of the target are for a person to tell apart. */
function recordsOf(found: readonly MatchedAnswer[]): MatchFile['records'] {
  const claims = new Map<string, number>()
  const claimed = ({ is, candidates }: MatchedAnswer) =>
    is === 'sure' || is === 'likely' ? (candidates[0]?.id ?? null) : null
  for (const each of found) {
    const id = claimed(each)
    if (id !== null) claims.set(id, (claims.get(id) ?? 0) + 1)
  }
  return found
    .filter(({ is }) => is !== 'linked')
    .map(({ candidates, ...each }) => {
      const id = claimed({ ...each, candidates })
      if (id === null || claims.get(id) === 1) return { ...each, link: id, candidates }
      const words = `${claims.get(id)} records would be ${id}: tell which one it is.`
      return { ...each, is: 'ambiguous' as const, words, link: null, candidates }
    })
}

const MOST_LINES = 40
const KINDS = ['sure', 'likely', 'ambiguous', 'unmatched'] as const

function inWords(file: MatchFile, found: readonly MatchedAnswer[], out: string | undefined): string {
  const count = (kind: string) => String(file.records.filter(({ is }) => is === kind).length)
  const head = table(
    ['FLOW', 'RECORDS', 'LINKED', ...KINDS.map(kind => kind.toUpperCase())],
    [[file.flow, String(found.length), String(found.length - file.records.length), ...KINDS.map(count)]],
  )
  const open = file.records.filter(({ is }) => is === 'likely' || is === 'ambiguous')
  const rows = open
    .slice(0, MOST_LINES)
    .map(({ id, label, is, words, candidates }) => [
      label === null ? id : `${label} · ${id}`,
      is,
      candidates.map(each => each.id).join(', '),
      words,
    ])
  const more =
    open.length > MOST_LINES ? `… and ${open.length - MOST_LINES} more: see the file, or --json.` : ''
  const end =
    out === undefined
      ? 'Nothing was linked. Write it to a file with --out matches.json, to correct it and apply it.'
      : `Nothing was linked. Correct "link" in ${out} where it is wrong (null: none), then: linchpin match ${file.flow} --apply ${out}`
  const details = table(['RECORD', 'IS', `IN ${file.to.toUpperCase()}`, 'WHY'], rows)
  return [head, details, more, end].filter(text => text !== '').join('\n\n')
}

async function link(
  { client: open, output, folder, who }: Context,
  flow: string,
  name: string,
): Promise<void> {
  const file = readJson(resolve(folder, name), matchFile, 'file of matches')
  if (file.flow !== flow) throw new UsageTrouble(`${name} is about flow ${file.flow}, not ${flow}.`)
  const client = await open()
  const wanted = file.records.filter(each => each.link !== null)
  const bar = progress('linked', wanted.length, output.json)
  const taken: string[][] = []
  for (const [index, { id, link: target }] of wanted.entries()) {
    const from = { connection: file.from, id }
    const to = { connection: file.to, id: target ?? '' }
    const { is } = await client.link({ entity: file.entity, from, to, who })
    if (is === 'taken') taken.push([id, to.id])
    bar.at(index)
  }
  bar.end()
  const linked = wanted.length - taken.length
  output.data({ linked, taken }, () =>
    [table(['RECORD', 'IS LINKED OTHERWISE THAN TO'], taken), `${linked} linked, ${taken.length} left alone.`]
      .filter(text => text !== '')
      .join('\n\n'),
  )
  if (taken.length > 0) process.exitCode = EXIT.partly
}
