import { availableParallelism, cpus, totalmem } from 'node:os'
import { openHouse } from './house.ts'
import { readOptions, USAGE, type Options } from './options.ts'
import { faultsOf, tableOf } from './report.ts'
import { crashRun, isPassed } from './run.ts'

/** `npm run test:crash`: real processes that die while orders flow, and the books compared at the end. */
async function main(options: Options): Promise<boolean> {
  const began = performance.now()
  const say = (line: string) => {
    const seconds = ((performance.now() - began) / 1000).toFixed(1).padStart(7)
    if (!options.json) console.log(`${seconds} s  ${line}`)
  }
  say(`Seed ${options.seed}, ${options.orders} orders, at most ${options.minutes} minutes.`)
  const ending = new AbortController()
  // Whoever is impatient and asks twice would leave a mount and a database behind.
  const stop = (words: string) => ending.abort(new Error(words))
  const tooLong = `It took longer than ${options.minutes} minutes, and was ended.`
  const timer = setTimeout(() => stop(tooLong), options.minutes * 60_000)
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => stop(`Ended by ${signal}.`))
  const house = await openHouse(options.orders)
  let passed = false
  try {
    if (house.place.noDisk !== null) say(`The disk is not filled in this run: ${house.place.noDisk}.`)
    const outcome = await crashRun(house, options, { say, signal: ending.signal })
    passed = isPassed(outcome)
    const faults = faultsOf(outcome)
    const machine = `${availableParallelism()} × ${cpus()[0]?.model.trim()}, ${Math.round(totalmem() / 2 ** 30)} GB`
    if (options.json)
      console.log(JSON.stringify({ passed, machine, node: process.version, ...outcome, faults }))
    else console.log(['', tableOf(outcome, house.place.noDisk), '', machine, '', ...faults].join('\n'))
  } catch (error) {
    const reason: unknown = ending.signal.aborted ? ending.signal.reason : error
    console.error(reason instanceof Error ? reason.message : String(reason))
  } finally {
    clearTimeout(timer)
    await house.raze(options.keep ? 'everything' : passed ? 'nothing' : 'logs')
    if (options.keep || !passed) console.error(`What its processes said is in ${house.place.folder}.`)
  }
  if (!options.json) console.log(passed ? 'Passed.' : 'FAILED.')
  return passed
}

try {
  process.exitCode = (await main(readOptions(process.argv.slice(2)))) ? 0 : 1
} catch (error) {
  console.error(`${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`)
  process.exitCode = 2
}
