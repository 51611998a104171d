import { writeFileSync } from 'node:fs'
import { loadavg } from 'node:os'
import { parseArgs } from 'node:util'
import { openStandIn } from './children.ts'
import { entrants, type Entrant } from './contestants.ts'
import { countCalls } from './figures/calls.ts'
import { claimCosts } from './figures/claim.ts'
import { workerSpeeds } from './figures/workers.ts'
import { goalsOf } from './goals.ts'
import { machine } from './machine.ts'
import type { StandIns } from './measure.ts'
import { open } from './opened.ts'
import { writeReport } from './report.ts'
import { playRound, type Round } from './rounds.ts'
import { summarise, type Results } from './summary.ts'
import { table } from './table.ts'
import type { ShopOrder } from './shop.ts'
import type { SinkOrder } from './sink.ts'

const USAGE = `npm run bench -- [--quick | --long] [--only inbox,linchpin-1] [--without n8n] [--json] [--save]
  --quick  the cheap contestants, few messages: within five minutes on a quiet machine
  --long   as by default, and a claim with 10 million deliveries owed
  --json   prints one object with every figure, and nothing else
  --save   keeps the figures in bench/results and writes them into docs/benchmarks.md`

const { values } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    long: { type: 'boolean', default: false },
    only: { type: 'string' },
    without: { type: 'string', default: '' },
    rounds: { type: 'string' },
    messages: { type: 'string' },
    json: { type: 'boolean', default: false },
    save: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
})
async function main(): Promise<void> {
  const results = await bench()
  if (values.json) console.log(JSON.stringify(results))
  else console.log(table(results))
  if (!values.save) return
  writeFileSync(
    new URL(`results/${results.form}.json`, import.meta.url),
    `${JSON.stringify(results, null, 1)}\n`,
  )
  writeReport(results)
}

async function bench(): Promise<Results> {
  const beganAt = performance.now()
  const form = values.quick ? 'quick' : values.long ? 'long' : 'full'
  const messages = Number(values.messages ?? (values.quick ? 1_000 : 6_000))
  const rounds = Number(values.rounds ?? (values.quick ? 1 : 3))
  const where = machine()
  const sink = await openStandIn<SinkOrder>('sink')
  const shop = await openStandIn<ShopOrder>('shop')
  const surroundings = { BENCH_SINK: sink.url, BENCH_SHOP: shop.url }
  try {
    const wanted = chosen()
    const { ready, notRun } = await prepared(wanted, surroundings)
    notRun.push(...leftOut(wanted))
    const played = await play(ready, { sink, shop }, { rounds, messages }, notRun)
    const summaries = summarise([...ready.keys()], played)
    const figures = values.only ? NO_FIGURES : await furtherFigures({ sink, shop }, surroundings)
    const goals = goalsOf({ entrants: summaries, ...figures })
    const seconds = Math.round((performance.now() - beganAt) / 1_000)
    const base = { form, messages, machine: where, loadAtEnd: loadavg(), seconds } as const
    return { ...base, entrants: summaries, notRun, ...figures, goals }
  } finally {
    sink.close()
    shop.close()
  }
}

/** Whoever does not take part is named, so that no table looks as if there were nobody else. */
const leftOut = (wanted: readonly Entrant[]): readonly NotRun[] =>
  entrants
    .filter(entrant => !wanted.includes(entrant))
    .map(({ name, title }) => ({ name, title, reason: 'left out of this run' }))

/** In quick form without those that take minutes to install. */
function chosen(): readonly Entrant[] {
  const only = values.only?.split(',')
  if (only) return entrants.filter(({ name }) => only.includes(name))
  const without = values.without.split(',')
  return entrants.filter(({ name }) => !without.includes(name) && !(values.quick && DEAR.has(name)))
}

const DEAR = new Set(['node-red', 'n8n'])

type Surroundings = Readonly<Record<string, string>>
type NotRun = Results['notRun'][number]

async function prepared(wanted: readonly Entrant[], surroundings: Surroundings) {
  const ready = new Map<Entrant, Surroundings>()
  const notRun: NotRun[] = []
  for (const entrant of wanted) {
    try {
      ready.set(entrant, { ...surroundings, ...(await entrant.prepare?.(tell)) })
    } catch (error) {
      notRun.push(reasonOf(entrant, error))
    }
  }
  return { ready, notRun }
}

/** All of them in turn, round after round, so that each one meets the machine in all its moods. */
async function play(
  ready: ReadonlyMap<Entrant, Surroundings>,
  standIns: StandIns,
  { rounds, messages }: { readonly rounds: number; readonly messages: number },
  notRun: NotRun[],
): Promise<ReadonlyMap<string, readonly (Round | null)[]>> {
  const played = new Map<string, (Round | null)[]>()
  for (let turn = 1; turn <= rounds; turn += 1)
    for (const [entrant, surroundings] of ready) {
      tell(`round ${turn} of ${rounds}: ${entrant.title}`)
      const round = await playRound(entrant, surroundings, standIns, messages).catch((error: unknown) => {
        notRun.push(reasonOf(entrant, error, `, round ${turn}`))
        return null
      })
      played.set(entrant.name, [...(played.get(entrant.name) ?? []), round])
    }
  return played
}

const NO_FIGURES = { calls: [], claim: [], workers: [] }

async function furtherFigures(standIns: StandIns, surroundings: Surroundings) {
  const [linchpin] = entrants.filter(({ name }) => name === 'linchpin-1')
  if (!linchpin) return NO_FIGURES
  tell('calls, workers and claims of Linchpin')
  const { contestant, close } = await open(linchpin, surroundings)
  const calls = await countCalls(contestant, standIns)
  await close()
  const workers = await workerSpeeds(more => open(linchpin, { ...surroundings, ...more }), standIns)
  const claim = await claimCosts([1_000, 100_000, ...(values.long ? [10_000_000] : [])])
  return { calls, workers, claim }
}

function reasonOf({ name, title }: Entrant, error: unknown, when = ''): NotRun {
  const words = error instanceof Error ? error.message : String(error)
  tell(`${title} was not run${when}: ${words}`)
  const [reason = ''] = words.split('\n')
  return { name, title: `${title}${when}`, reason }
}

function tell(line: string): void {
  console.error(line)
}

if (values.help) console.log(USAGE)
else await main()
