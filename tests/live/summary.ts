import type { Reporter, TestModule } from 'vitest/node'

/** Says at the end what was tried on real systems, and what was not and why: a skipped test is no passed test. */
export class LiveSummary implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    console.log('\nAgainst real systems:')
    for (const module of modules) for (const line of summaryOf(module)) console.log(line)
  }
}

function summaryOf(module: TestModule): readonly string[] {
  const results = [...module.children.allTests()].map(test => test.result())
  const count = (state: string) => results.filter(result => result.state === state).length
  const seconds = Math.round(module.diagnostic().duration / 1000)
  const reasons = results.flatMap(result => (result.state === 'skipped' && result.note ? [result.note] : []))
  return [
    `  ${module.relativeModuleId}: ${count('passed')} passed, ${count('failed')} failed, ` +
      `${count('skipped')} skipped, in ${seconds} s`,
    ...[...new Set(reasons)].map(reason => `    skipped: ${reason}`),
  ]
}
