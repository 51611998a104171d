import type { Client, LoadAnswer } from '@linchpin/api'
import type { Command } from 'commander'
import { contextOf, type Context } from '../context.ts'
import { EXIT } from '../exit.ts'
import { table } from '../output.ts'
import { UsageTrouble } from '../trouble.ts'

interface Options {
  readonly go?: boolean
  readonly stop?: boolean
  readonly again?: boolean
  readonly wait: boolean
}

export function addLoad(program: Command): void {
  program
    .command('load <flow>')
    .description('carry what a source has already, of one flow or of "all"; first it says what it would do')
    .option('--go', 'do what was looked at')
    .option('--stop', 'stop; --go, or without, goes on from there')
    .option('--again', 'from the beginning')
    .option('--no-wait', 'do not wait until it is done')
    .action(async (flow: string, options: Options, command: Command) => {
      if (options.go && options.stop) throw new UsageTrouble('Say either --go or --stop.')
      await run(contextOf(command), flow, options)
    })
}

async function run(context: Context, named: string, options: Options): Promise<void> {
  const { output } = context
  const client = await context.client()
  const flows = named === 'all' ? (await client.status({})).flows.map(({ name }) => name) : [named]
  const as = options.go ? 'go' : options.stop ? 'stop' : 'look'
  const refused: { flow: string; why: string }[] = []
  for (const name of flows)
    await client.load({ name, as, again: options.again ?? false }).catch((error: unknown) => {
      if (named !== 'all') throw error
      refused.push({ flow: name, why: (error as Error).message })
    })
  const asked = flows.filter(name => !refused.some(({ flow }) => flow === name))
  const wait = options.wait && as !== 'stop'
  const loads = wait ? await untilDone(client, asked, output.json) : await loadsOf(client, asked)
  output.data({ loads, refused }, () => inWords(loads, refused, as))
  if (refused.length > 0 || loads.some(({ problem }) => problem !== null)) process.exitCode = EXIT.partly
}

async function loadsOf(client: Client, flows: readonly string[]): Promise<readonly LoadAnswer[]> {
  const { loads } = await client.loads({})
  return flows.flatMap(name => loads.find(({ flow }) => flow === name) ?? [])
}

const isOpen = ({ phase, stopped }: LoadAnswer) => !stopped && phase !== 'looked' && phase !== 'done'
const LOOK_MS = 1_000

/** It goes on at the server whoever watches: stopping to watch stops nothing. */
async function untilDone(
  client: Client,
  flows: readonly string[],
  json: boolean,
): Promise<readonly LoadAnswer[]> {
  const line = follow(json)
  for (;;) {
    const loads = await loadsOf(client, flows)
    const open = loads.filter(isOpen)
    line.at(loads, open)
    if (open.length === 0) {
      line.end()
      return loads
    }
    await new Promise(resolve => setTimeout(resolve, LOOK_MS))
  }
}

const SAY_EVERY_MS = 5_000

/** A line that moves for people, a line now and then for logs, one JSON value a line with --json. */
function follow(json: boolean) {
  const moves = process.stderr.isTTY === true && !json
  let said = 0
  return {
    at(loads: readonly LoadAnswer[], open: readonly LoadAnswer[]): void {
      const now = Date.now()
      const current = open.find(({ read, phase }) => read > 0 || phase === 'delivering') ?? open[0]
      if (current === undefined || (!moves && now - said < SAY_EVERY_MS)) return
      said = now
      const words = json
        ? JSON.stringify({ at: new Date(now).toISOString(), ...current })
        : lineOf(current, loads.length - open.length + 1, loads.length)
      process.stderr.write(moves ? `\r${words}\u001b[K` : `${words}\n`)
    },
    end: () => void (moves && process.stderr.write('\n')),
  }
}

/** 'product-erp-to-shop (1 of 4): 1200 of 5000 loaded, 42/s, 91 s left'. */
function lineOf(load: LoadAnswer, number: number, of: number): string {
  const { flow, phase, read, total, rate, leftMs, problem } = load
  const done =
    phase === 'looking' ? 'looked at' : phase === 'delivering' ? 'read, delivering the rest' : 'loaded'
  const parts = [`${read}${total === null ? '' : ` of ${total}`} ${done}`]
  if (rate > 0) parts.push(`${rate < 10 ? rate.toFixed(1) : Math.round(rate)}/s`)
  if (leftMs !== null) parts.push(`${Math.ceil(leftMs / 1000)} s left`)
  if (problem !== null) parts.push(problem)
  return `${flow} (${number} of ${of}): ${parts.join(', ')}`
}

function inWords(
  loads: readonly LoadAnswer[],
  refused: readonly { flow: string; why: string }[],
  as: 'look' | 'go' | 'stop',
): string {
  const looked = ['create', 'update', 'link', 'nothing', 'skip', 'wait', 'park'] as const
  const head = [
    'FLOW',
    'IS',
    'RECORDS',
    'CREATE',
    'UPDATE',
    'LINK',
    'AS IT IS',
    'LEFT OUT',
    'WAITS',
    'FOR A PERSON',
  ]
  const all = (would: LoadAnswer['would']) => Object.values(would).reduce((sum, count) => sum + count, 0)
  const looks = loads.map(({ flow, phase, stopped, would }) => [
    flow,
    stopped ? 'stopped' : phase,
    String(all(would)),
    ...looked.map(kind => String(would[kind] ?? 0)),
  ])
  const done = loads.map(({ flow, phase, stopped, read, total, would }) => [
    flow,
    stopped ? 'stopped' : phase,
    `${read} of ${total}`,
    String(all(would) - (would['nothing'] ?? 0) - (would['skip'] ?? 0)),
    String(would['skip'] ?? 0),
  ])
  const rows =
    as === 'look' ? table(head, looks) : table(['FLOW', 'IS', 'READ', 'TO DELIVER', 'AS HISTORY'], done)
  const without = refused.map(({ flow, why }) => `Left out: ${flow}. ${why}`).join('\n')
  const problems = loads.flatMap(({ flow, problem }) => (problem === null ? [] : [`${flow}: ${problem}`]))
  const end = as === 'look' ? 'Nothing was done. To do it: linchpin load … --go' : ''
  return [rows, without, problems.join('\n'), end].filter(text => text !== '').join('\n\n')
}
