import { setTimeout } from 'node:timers/promises'
import type { MakeRig } from '@linchpin/connector/conformance'
import { runSuite, type Result } from '@linchpin/connector/conformance/run'
import { dayOf, keep, recordOf, sum, tallyOf, type Tally } from './conformance/record.ts'
import { connectorIds, entityOf, rigsOf } from './conformance/rigs.ts'

/** Long, since a busy machine is no fault of the connector; but a check that never ends has failed. */
const SECONDS = 600

/** Runs every rig of a connector and records how each entity came out; answers how many checks failed. */
async function record(id: string): Promise<number> {
  const { against, rigs } = await rigsOf(id)
  const entities: Record<string, Tally> = {}
  for (const [name, rig] of Object.entries(rigs)) {
    const tally = await tried(`${id} ${name}`, rig)
    entities[entityOf(rig)] = sum(tally, entities[entityOf(rig)])
  }
  keep(id, { against, date: dayOf(Date.now()), entities })
  console.log(`${recordOf(id)} is written: ${against}.`)
  return Object.values(entities).reduce((failed, tally) => failed + tally.failed, 0)
}

async function tried(name: string, rig: MakeRig): Promise<Tally> {
  const results: Result[] = []
  for await (const result of runSuite(rig, within)) {
    results.push(result)
    if (result.is === 'failed') console.error(`${name}: ${result.check}\n${result.why}`)
  }
  const { passed, failed, doesNotApply } = tallyOf(results)
  console.log(`${name}: ${passed} passed, ${failed} failed, ${doesNotApply} do not apply`)
  return { passed, failed, doesNotApply }
}

async function within(work: Promise<void>): Promise<void> {
  const ended = new AbortController()
  const late = setTimeout(SECONDS * 1000, undefined, { signal: ended.signal }).then(() => {
    throw new Error(`It did not end within ${SECONDS} s.`)
  })
  // The one that lost the race is no failure of its own.
  late.catch(() => undefined)
  await Promise.race([work, late]).finally(() => ended.abort())
}

const known = connectorIds()
const wanted = process.argv.slice(2)
const strange = wanted.filter(id => !known.includes(id))
if (strange.length > 0) {
  console.error(`There is no connector ${strange.join(', ')}; there are ${known.join(', ')}.`)
  process.exitCode = 2
} else {
  let failed = 0
  for (const id of wanted.length > 0 ? wanted : known) failed += await record(id)
  if (failed > 0) process.exitCode = 1
}
