import { planOf } from './src/plan.ts'
import { changedBy } from './src/shrink.ts'
import { createWorld } from './src/world/world.ts'
import { START } from './src/kernel.ts'
const [seed, said, pattern] = process.argv.slice(2)
const plan = changedBy(planOf(Number(seed)), JSON.parse(said!))
const world = createWorld(plan, { keepTrace: true })
await world.kernel.run(world.healAt + 12 * 60_000)
for (const e of world.twin.tables.journal) { const l = `${((e.at - START) / 1000).toFixed(1)} ${e.connection} ${e.entity} ${e.id} ${e.flow ?? ''} ${e.what}: ${e.words}`; if (new RegExp(pattern!).test(l)) console.log(l) }
console.log(world.twin.tables.demand)
for (const s of world.shops) console.log(s.name, s.rows('orders').map(o => [o.id, o.fields.poison, o.fields.status, JSON.stringify((o.fields.lines as any[]).map(l => [l.sku, l.quantity]))]))
console.log([...world.twin.tables.deliveries.values()].filter(d => d.flow.startsWith('SalesOrder') && d.to === 'erp').map(d => [d.from, d.id, d.state, d.problem, d.sentHash, d.intent, d.settledAt]))
console.log(world.binned)
