import type { World } from './world.ts'

const MINUTE = 60_000

export function startTurnover(world: World): void {
  if (world.plan.people.rolling) upgrade(world)
  if (world.plan.drift.forGood) remap(world)
}

/** A rolling upgrade: one node joins, each of the others is replaced by the second edition, and one leaves. */
function upgrade({ kernel, plan, nodes, join, edition, healAt }: World): void {
  const chance = kernel.chance('turnover')
  const from = chance.between(kernel.now() + MINUTE, healAt - 3 * MINUTE)
  kernel.at(from, 'an upgrade begins', () => {
    edition.now = 2
    join()
  })
  for (let index = 0; index < plan.nodes; index += 1)
    kernel.at(from + (index + 1) * 25_000, 'a node is replaced', () => nodes[index]?.stop('comes back'))
  kernel.at(healAt - MINUTE, 'a node leaves', () => nodes.at(-1)?.stop('leaves'))
}

/** The operator says how a field is read that has another name now, and starts all nodes again. */
function remap({ kernel, nodes, edition, healAt }: World): void {
  kernel.at(healAt - MINUTE / 2, 'the operator changes a mapping', () => {
    edition.now = 2
    for (const node of nodes) node.stop('comes back')
  })
}
