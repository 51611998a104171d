import type { ConnectionTest } from '@linchpin/api'
import type { Command } from 'commander'
import { contextOf, type Context } from '../context.ts'
import { EXIT } from '../exit.ts'
import { styled } from '../output.ts'

export function addConnection(program: Command): void {
  program
    .command('connection')
    .description('look after connections')
    .command('test <name>')
    .description('reachability, sign-in, missing rights, version, clock, and one record as a sample')
    .action(async (name: string, _options: unknown, command: Command) => {
      const context = contextOf(command)
      const test = await tested(name, context)
      context.output.data(test, () => inWords(test))
      if (test.is === 'down') process.exitCode = EXIT.connection
      else if (test.is === 'degraded' || test.sample?.readable === false) process.exitCode = EXIT.partly
    })
}

/** The running Linchpin is asked; without one, we look ourselves. */
async function tested(name: string, { client, place }: Context): Promise<ConnectionTest> {
  try {
    return await (await client()).testConnection({ name })
  } catch (error) {
    if ((error as { code?: unknown }).code !== 'unreachable') throw error
    const { testConfigured } = await import('@linchpin/server')
    return testConfigured(name, await place())
  }
}

function inWords(test: ConnectionTest): string {
  const sign = {
    up: styled('green', '✓ up'),
    degraded: styled('yellow', '! degraded'),
    down: styled('red', '✗ down'),
  }
  const { sample } = test
  return [
    `${test.name} (${test.connector}): ${sign[test.is]}, ${test.took.ms} ms`,
    test.version && `  version: ${test.version}`,
    test.clockSkewMs !== null && `  clock: ${Math.round(test.clockSkewMs / 1000)} s against ours`,
    ...test.notes.map(note => `  - ${note}`),
    sample &&
      `  sample: ${sample.entity} ${sample.title} ${sample.readable ? 'reads well' : `does not read: ${sample.problem}`}`,
  ]
    .filter(Boolean)
    .join('\n')
}
