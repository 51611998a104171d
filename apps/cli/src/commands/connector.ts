import type { MakeRig } from '@linchpin/connector/conformance'
import type { Result } from '@linchpin/connector/conformance/run'
import type { Command } from 'commander'
import { contextOf } from '../context.ts'
import { EXIT } from '../exit.ts'
import { styled } from '../output.ts'
import { rigsAt } from '../rigs.ts'
import { UsageTrouble } from '../trouble.ts'
import { whole } from '../whole.ts'

interface Options {
  readonly rig?: string
  readonly timeout: number
}
interface Tested {
  readonly rig: string
  readonly entity: string
  readonly connector: string
  readonly checks: readonly Result[]
}

export function addConnector(program: Command): void {
  program
    .command('connector')
    .description('for those who write connectors')
    .command('test <path>')
    .description('every promise of a connector, tried with its rigs: a folder with src/rigs.ts, or that file')
    .option('--rig <name>', 'only this one of its rigs')
    .option('--timeout <seconds>', 'how long one check may take', whole(1), 60)
    .action(async (path: string, options: Options, command: Command) => {
      const { output, folder } = contextOf(command)
      const rigs = Object.entries(await rigsAt(path, folder))
      const wanted = rigs.filter(([name]) => options.rig === undefined || name === options.rig)
      if (wanted.length === 0)
        throw new UsageTrouble(
          `There is no rig ${options.rig}; there are ${rigs.map(([n]) => n).join(', ')}.`,
        )
      const tested: Tested[] = []
      for (const [name, rig] of wanted) tested.push(await testOf(name, rig, options, output.note))
      const totals = totalsOf(tested.flatMap(({ checks }) => checks))
      output.data({ ...totals, rigs: tested }, () => tested.map(inWords).join('\n\n') + `\n\n${sum(totals)}`)
      if (totals.failed > 0) process.exitCode = EXIT.failed
    })
}

async function testOf(
  name: string,
  rig: MakeRig,
  { timeout }: Options,
  note: (line: string) => void,
): Promise<Tested> {
  note(`${name} …`)
  const { connector, entity } = rig(() => 0)
  const checks: Result[] = []
  const { runSuite } = await import('@linchpin/connector/conformance/run')
  for await (const result of runSuite(rig, work => within(work, timeout))) checks.push(result)
  return { rig: name, entity, connector: connector.id, checks }
}

/** A connector that waits for ever would otherwise end the process without a word. */
async function within(work: Promise<void>, seconds: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_resolve, reject) => {
    const words = `It did not end within ${seconds} s.`
    timer = setTimeout(() => reject(new Error(words)), seconds * 1000)
  })
  try {
    await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}

function totalsOf(results: readonly Result[]) {
  const count = (is: Result['is']) => results.filter(result => result.is === is).length
  return { passed: count('passed'), failed: count('failed'), doesNotApply: count('does not apply') }
}

const sum = ({ passed, failed, doesNotApply }: ReturnType<typeof totalsOf>) =>
  `${passed} passed, ${failed} failed, ${doesNotApply} do not apply`

function inWords({ rig, entity, connector, checks }: Tested): string {
  const title = styled('bold', rig === entity ? `${connector} ${entity}` : `${connector} ${entity} (${rig})`)
  return [title, ...checks.map(line), `  ${sum(totalsOf(checks))}`].join('\n')
}

function line({ check, is, why }: Result): string {
  if (is === 'passed') return `  ${styled('green', '✓')} ${check}`
  if (is === 'does not apply') return `  ${styled('dim', `– ${check} (does not apply: ${why})`)}`
  return `  ${styled('red', '✗')} ${check}\n${(why ?? '').replace(/^/gm, '      ')}`
}
