import { planOf } from './plan.ts'
import { run } from './run.ts'
for (let seed = 6000100; seed < 6000116; seed++) await run(seed, { plan: planOf(seed) })
