import type { World } from './world.ts'

const MINUTE = 60_000

/** A rolling upgrade: one node joins, each of the others is replaced by the second edition, and one leaves. */
export function startTurnover({ kernel, plan, nodes, join, edition, healAt }: World): void {
  if (!plan.people.rolling) return
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
