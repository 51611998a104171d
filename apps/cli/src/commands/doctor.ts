import { statfsSync } from 'node:fs'
import type { Config } from '@linchpin/server'
import type { Command } from 'commander'
import { contextOf, type Context } from '../context.ts'
import { EXIT } from '../exit.ts'
import { styled } from '../output.ts'

interface Finding {
  readonly is: 'ok' | 'warning' | 'wrong'
  readonly what: string
  /** What was found, and for what is not ok what to do. */
  readonly words: string
}

export function addDoctor(program: Command): void {
  program
    .command('doctor')
    .description('looks at everything that Linchpin needs, and says what is wrong and how to mend it')
    .action(async (_options: unknown, command: Command) => {
      const context = contextOf(command)
      const findings: Finding[] = [node(), disk(context.folder)]
      const loaded = await configuration(context, findings)
      if (loaded) {
        await database(context, loaded, findings)
        for (const name of Object.keys(loaded.connections)) findings.push(await connection(name, context))
      }
      context.output.data(findings, () => findings.map(inWords).join('\n'))
      const wrong = findings.find(({ is }) => is === 'wrong')
      if (wrong) process.exitCode = exitOf(wrong)
    })
}

/** What is wrong first is to be mended first: the findings are in that order. */
function exitOf({ what }: Finding): number {
  if (what === 'configuration') return EXIT.config
  return what.startsWith('connection') || what === 'database' ? EXIT.connection : EXIT.failed
}

function node(): Finding {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
  const fits = major > 20 || (major === 20 && minor >= 19)
  return {
    is: fits ? 'ok' : 'wrong',
    what: 'Node',
    words: fits ? process.versions.node : `${process.versions.node} is too old. Install Node 20.19 or newer.`,
  }
}

const LOW_BYTES = 1024 ** 3

function disk(folder: string): Finding {
  const { bavail, bsize } = statfsSync(folder)
  const free = bavail * bsize
  const words = `${(free / LOW_BYTES).toFixed(1)} GiB free`
  return free < LOW_BYTES
    ? { is: 'warning', what: 'disk', words: `${words}. Make room: PostgreSQL stops when the disk is full.` }
    : { is: 'ok', what: 'disk', words }
}

async function configuration({ place }: Context, findings: Finding[]): Promise<Config | null> {
  const { checkConfigured, loadConfigFile } = await import('@linchpin/server')
  const where = await place()
  try {
    const { file, config } = await checkConfigured(where)
    findings.push({ is: 'ok', what: 'configuration', words: file })
    return config
  } catch (error) {
    findings.push({ is: 'wrong', what: 'configuration', words: (error as Error).message })
    // What can be read of it is looked at all the same.
    return loadConfigFile(where.folder, where.configFile).then(
      ({ config }) => config,
      () => null,
    )
  }
}

async function database(context: Context, config: Config, findings: Finding[]): Promise<void> {
  const { openStore } = await import('@linchpin/server')
  try {
    const opened = await openStore({ ...(await context.place()), config })
    try {
      findings.push({ is: 'ok', what: 'database', words: "answers, and has today's shape" })
      const skew = Math.abs(opened.offset())
      const words = `${skew} ms from the database's`
      findings.push(
        skew < 5_000
          ? { is: 'ok', what: 'clock', words }
          : { is: 'warning', what: 'clock', words: `${words}. Set this machine's clock (NTP).` },
      )
    } finally {
      await opened.close()
    }
  } catch (error) {
    findings.push({ is: 'wrong', what: 'database', words: (error as Error).message })
  }
}

const FAR_MS = 60_000

async function connection(name: string, { place }: Context): Promise<Finding> {
  const what = `connection ${name}`
  const { testConfigured } = await import('@linchpin/server')
  try {
    const test = await testConfigured(name, await place())
    const skewed = Math.abs(test.clockSkewMs ?? 0) > FAR_MS
    const notes = [
      ...test.notes,
      ...(skewed ? [`Its clock is ${Math.round((test.clockSkewMs ?? 0) / 1000)} s off.`] : []),
    ]
    const words = [test.version ?? test.connector, ...notes].join(' · ')
    return { is: test.is === 'up' && !skewed ? 'ok' : test.is === 'down' ? 'wrong' : 'warning', what, words }
  } catch (error) {
    return { is: 'wrong', what, words: (error as Error).message }
  }
}

function inWords({ is, what, words }: Finding): string {
  const sign = { ok: styled('green', '✓'), warning: styled('yellow', '!'), wrong: styled('red', '✗') }[is]
  return `${sign} ${what}: ${words}`
}
