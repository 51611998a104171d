import type { PushedAnswer, SidesAnswer } from '@linchpin/api'
import type { Command } from 'commander'
import { contextOf, type Context } from '../context.ts'
import { EXIT } from '../exit.ts'
import { shown, table } from '../output.ts'

export function addPush(program: Command): void {
  program
    .command('sides <flow> <id>')
    .description('a record and its counterpart: which side wins each field that the flow carries, and why')
    .option('--now', 'as both systems have it now; else as it was last read')
    .action(async (flow: string, id: string, { now = false }: { now?: boolean }, command: Command) => {
      const { output, client: open } = contextOf(command)
      const client = await open()
      const sides = await (now ? client.readSides({ flow, id }) : client.sides({ flow, id }))
      output.data(sides, () => sidesInWords(sides))
    })
  program
    .command('push <flow> <id> <to>')
    .description('write one side of a record over the other: linchpin push price-erp-to-shop 12 shop')
    .option('--apply', 'do it; without it, only what would change is said')
    .action(async (flow: string, id: string, to: string, ...rest: unknown[]) => {
      const [{ apply = false }, command] = rest as [{ apply?: boolean }, Command]
      await push(contextOf(command), { flow, id, to }, apply)
    })
}

interface Which {
  readonly flow: string
  readonly id: string
  readonly to: string
}

async function push({ client: open, output, who }: Context, which: Which, apply: boolean): Promise<void> {
  const client = await open()
  const dry = await client.push({ ...which, dryRun: true, who })
  const proof = dry.step?.proof ?? null
  if (!apply || proof === null) {
    output.data(dry, () => `${stepInWords(dry)}\n\n${endOf(proof, which)}`)
    if (apply) process.exitCode = EXIT.failed
    return
  }
  const done = await client.push({ ...which, proof, who })
  output.data(done, () => `${stepInWords(done)}\n\n${doneInWords(done)}`)
}

const doneInWords = ({ owed, flow }: PushedAnswer) =>
  owed ? `Its delivery is owed to ${flow}.` : 'They are linked now; there was nothing to write.'

const endOf = (proof: string | null, { flow, id, to }: Which) =>
  proof === null
    ? 'Nothing was done, and there is nothing to do.'
    : `Nothing was done. To do it: linchpin push ${flow} ${id} ${to} --apply`

function stepInWords({ step, flow, to }: PushedAnswer): string {
  if (step === null) return 'Its source does not have it any more.'
  const rows = step.fields.map(({ field, ours, theirs }) => [field, shown(theirs), shown(ours)])
  const fields = table(['FIELD', `IN ${to.toUpperCase()} IT IS`, 'IT WOULD BE'], rows)
  return [`${flow}: ${step.words}`, fields].filter(text => text !== '').join('\n\n')
}

function sidesInWords({ carried, left, right, pushes }: SidesAnswer): string {
  const rows = carried.map(each => [
    each.field,
    shown(each.left),
    each.same === null && each.right === null ? '?' : shown(each.right),
    each.same === null ? '?' : each.same ? 'yes' : 'no',
    each.wins ?? '–',
    each.ignored
      ? `ignored by ${each.ignored.who} since ${each.ignored.since}: ${each.ignored.why}`
      : BECAUSE[each.because],
    each.ignored ? 'ignored' : each.because === 'not told' ? '–' : each.heal,
  ])
  const names = [left.connection, right?.connection ?? 'there'].map(name => name.toUpperCase())
  const fields = table(['FIELD', ...names, 'SAME', 'WINS', 'WHY', 'HEALING'], rows)
  const ways = pushes.map(({ to, flow, not, askedAt }) => {
    const asked =
      askedAt === null ? '' : ` It was asked to be written at ${askedAt}; the next comparison looks again.`
    return `To ${to}: ${not === null ? `by ${flow}` : NOT[not]}.${asked}`
  })
  return [fields, ways.join('\n')].filter(text => text !== '').join('\n\n')
}

const BECAUSE: Readonly<Record<SidesAnswer['carried'][number]['because'], string>> = {
  carried: 'the flow carries it',
  'both ways': 'both flows carry it; who changed it last',
  person: 'a person decides',
  'not told': 'the target does not tell it',
  'never changed': 'the flow changes nothing there',
}

const NOT: Readonly<Record<NonNullable<SidesAnswer['pushes'][number]['not']>, string>> = {
  'no flow': 'no flow carries it that way',
  'never changes': 'its flow never changes what is there',
  trial: 'its flow runs on trial',
  elsewhere: 'its flow is delivered by another adapter',
  'not there': 'the other side has no such record',
  'under way': 'a delivery is under way',
  unanswered: 'nobody knows whether the last delivery arrived; say so first (linchpin answer)',
}
