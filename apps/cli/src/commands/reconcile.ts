import type { Client, DiscrepancyAnswer, ReconciliationAnswer } from '@linchpin/api'
import type { Command } from 'commander'
import { contextOf, type Context } from '../context.ts'
import { EXIT } from '../exit.ts'
import { ago, asTold, shown, table } from '../output.ts'
import { counter } from '../progress.ts'
import { isRemote } from '../remote.ts'
import { listOf } from '../list.ts'
import { UsageTrouble } from '../trouble.ts'

interface Options {
  readonly heal?: boolean
  readonly ids?: string[]
  readonly full?: boolean
}

/** A flow that could not be compared, and why. */
interface NotCompared {
  readonly flow: string
  readonly why: string
}

export function addReconcile(program: Command): void {
  program
    .command('reconcile <flow>')
    .description("compare a flow's two systems as they are now; 'all' for every flow")
    .option('--heal', 'deliver anew what the policy of its flow lets happen or proposes')
    .option('--ids <ids>', 'with --heal: these records of the source, whatever the policy says', listOf)
    .option('--full', 'read both sides as a whole again, instead of what changed since the last time')
    .action(async (flow: string, options: Options, command: Command) => {
      if (options.ids && !(options.heal && flow !== 'all'))
        throw new UsageTrouble('Say --ids together with --heal, and for one flow.')
      await run(contextOf(command), flow, options)
    })
}

async function run({ client: open, output }: Context, named: string, options: Options): Promise<void> {
  const client = await open()
  const flows = named === 'all' ? (await client.status({})).flows.map(({ name }) => name) : [named]
  const found: ReconciliationAnswer[] = []
  const notCompared: NotCompared[] = []
  for (const [index, flow] of flows.entries()) {
    output.note(`Comparing ${flow} (${index + 1} of ${flows.length}) …`)
    try {
      found.push(await compared(client, flow, options, output.json))
    } catch (error) {
      // A flow whose systems cannot be asked says nothing of the others.
      if (named !== 'all' || !isRemote(error)) throw error
      notCompared.push({ flow, why: (error as Error).message })
    }
  }
  output.data({ flows: found, notCompared }, () => inWords(found, notCompared, options.heal ?? false))
  const left = found.reduce((sum, each) => sum + wrongOf(each) - each.healed, 0)
  if (left > 0 || notCompared.length > 0) process.exitCode = EXIT.partly
}

/** One request compares for a few seconds: it is asked again until all is compared. */
async function compared(
  client: Client,
  flow: string,
  { heal = false, ids, full = false }: Options,
  quiet: boolean,
): Promise<ReconciliationAnswer> {
  const line = counter('records read', quiet)
  const more = { heal, ...(ids ? { ids } : {}) }
  let answer = await client.reconcile({ flow, full, ...more })
  while (!answer.done) {
    line.at(answer.looked.source + answer.looked.target)
    answer = await client.reconcile({ flow, goOn: true, ...more })
  }
  line.end(answer.looked.source + answer.looked.target)
  return answer
}

const wrongOf = ({ kinds }: ReconciliationAnswer) =>
  Object.values(kinds).reduce((sum, count) => sum + count, 0)

function inWords(
  found: readonly ReconciliationAnswer[],
  notCompared: readonly NotCompared[],
  healed: boolean,
): string {
  const head = ['FLOW', 'RECORDS', 'SAME', 'LEFT ALONE', 'UNDER WAY', 'NOT TO READ', 'WRONG', 'READ NOW']
  const rows = found.map(each => [
    each.flow,
    ...[each.read, each.same, each.leftAlone, each.underWay, each.unreadable, wrongOf(each)].map(String),
    `${each.looked.source} + ${each.looked.target}`,
  ])
  const wrong = found.flatMap(({ discrepancies }) => discrepancies)
  const now = Date.now()
  const details = table(
    ['FLOW', 'RECORD', 'IS', 'SINCE', 'HEALING', 'WHY'],
    wrong.map(each => rowOf(each, now)),
  )
  const without = notCompared.map(({ flow, why }) => `Not compared: ${flow}. ${why}`).join('\n')
  const fresh = [...new Set(found.map(({ told }) => asTold(told)))].filter(text => text !== '').join('\n')
  return [table(head, rows), details, fresh, without, endOf(found, healed)]
    .filter(text => text !== '')
    .join('\n\n')
}

function rowOf(each: DiscrepancyAnswer, now: number): readonly string[] {
  const { flow, id, targetId, label, is, words, fields, heal, since } = each
  const differences = fields.map(({ field, theirs, ours, owner }) => {
    const whose = owner === null ? '' : ` (${owner} owns it)`
    return `${field}: ${shown(theirs)} instead of ${shown(ours)}${whose}`
  })
  const name = [label, id ?? `there ${targetId ?? ''}`].filter(part => part !== null).join(' · ')
  return [flow, name, is, ago(since, now), heal, is === 'different' ? differences.join('; ') : words]
}

function endOf(found: readonly ReconciliationAnswer[], healed: boolean): string {
  const wrong = found.reduce((sum, each) => sum + wrongOf(each), 0)
  const mended = found.reduce((sum, each) => sum + each.healed, 0)
  if (wrong === 0) return found.length === 0 ? 'Nothing was compared.' : 'Both sides agree.'
  const many = wrong === 1 ? 'One discrepancy.' : `${wrong} discrepancies.`
  if (!healed) return `${many} Nothing was changed; deliver anew what that can mend with --heal.`
  const anew = `${mended} of ${wrong} ${mended === 1 ? 'is' : 'are'} delivered anew.`
  if (mended === wrong) return anew
  return `${anew} The others are for a person: name them with --ids, or mend them where they are.`
}
