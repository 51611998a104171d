import { run } from './src/run.ts'
import { planOf } from './src/plan.ts'
import { changedBy } from './src/shrink.ts'
const [seed, said] = process.argv.slice(2)
const t = Date.now()
const o = await run(Number(seed), { keepTrace: true, plan: changedBy(planOf(Number(seed)), JSON.parse(said!)) })
console.log(o.violations, o.events, Date.now() - t, o.convergedMs)
const n = new Map<string, number>()
for (const l of o.trace) { const k = l.replace(/^\S+ /, '').replace(/node[\d.]+/g, 'node').replace(/\d+/g, '#'); n.set(k, (n.get(k) ?? 0) + 1) }
for (const [k, v] of [...n].sort((a, b) => b[1] - a[1]).slice(0, 25)) console.log(v, k)
