import { planOf } from './src/plan.ts'
import { changedBy } from './src/shrink.ts'
import { createWorld } from './src/world/world.ts'
import { START } from './src/kernel.ts'
const [seed, said, pattern, tracePattern, from, to] = process.argv.slice(2)
const plan = changedBy(planOf(Number(seed)), JSON.parse(said!))
const world = createWorld(plan, { keepTrace: true })
await world.kernel.run(world.healAt + 8 * 60_000)
for (const e of world.twin.tables.journal) { const l = `${((e.at - START) / 1000).toFixed(1)} ${e.connection} ${e.entity} ${e.id} ${e.flow ?? ''} ${e.what}: ${e.words}`; if (new RegExp(pattern!).test(l)) console.log(l) }
for (const l of world.kernel.trace) { const t = Number(l.split(' ')[0]); if (t >= Number(from) && t <= Number(to) && new RegExp(tracePattern!).test(l)) console.log(l) }
const r = world.twin.tables.records.get(JSON.stringify(['erp','SalesOrder','1023'])) ?? [...world.twin.tables.records.values()].find(x => x.connection==='erp' && x.entity==='SalesOrder' && x.id==='1023')
console.log(JSON.stringify(r))
console.log(JSON.stringify(world.erp.row('orders','1023')))
console.log([...world.twin.tables.deliveries.values()].filter(d => d.id === '1023' && d.entity==='SalesOrder'))
