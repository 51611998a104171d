import type { Kernel } from '../kernel.ts'
import type { Mutation } from '../mutants.ts'
import type { Plan } from '../plan.ts'
import type { Node } from './node.ts'

export const ENTITIES: Readonly<Record<string, string>> = {
  orders: 'SalesOrder',
  customers: 'Account',
  products: 'Product',
}
const TRIES = 4
const FORGED = 'wrong'

/** The shops' webhooks: sent to any living node, lost, doubled, late or forged, and sent again when nobody answered. */
export function createHooks(
  kernel: Kernel,
  plan: Plan,
  nodes: readonly Node[],
  calm: () => boolean,
  mutation: Mutation,
  violate: (words: string) => void,
  secretOf: (shop: string) => string,
): (shop: string, table: string, id: string) => void {
  const chance = kernel.chance('webhooks')
  const { off, lost, doubled, delayMaxMs, forged } = plan.hooks
  const send = (shop: string, entity: string, id: string, secret: string, turn: number) => {
    if (!calm() && chance.happens(lost)) return
    const delay = chance.between(50, 1_500) + (chance.happens(0.3) ? chance.between(0, delayMaxMs) : 0)
    kernel.at(kernel.now() + delay, `webhook of ${shop} ${entity} ${id}`, () => {
      let answered = false
      kernel.at(kernel.now() + 10_000, 'webhook answered?', () => {
        if (!answered && turn < TRIES) send(shop, entity, id, secret, turn + 1)
      })
      const living = nodes.flatMap(node => node.running() ?? [])
      if (living.length === 0) return
      const { engine } = chance.pick(living)
      const body = new TextEncoder().encode(JSON.stringify({ entity, id }))
      const request = { url: '/', headers: { 'x-secret': secret }, body }
      if (mutation.answersEarly) answered = true
      engine.webhook(shop, request).then(
        ({ is }) => {
          answered = true
          if (is === 'kept' && secret === FORGED) violate(`a forged webhook of ${shop} was believed (${id})`)
        },
        () => {},
      )
    })
  }
  return (shop, table, id) => {
    const entity = ENTITIES[table]
    if (off || entity === undefined) return
    send(shop, entity, id, secretOf(shop), 1)
    if (chance.happens(doubled)) send(shop, entity, id, secretOf(shop), TRIES)
    if (chance.happens(forged)) send(shop, entity, `forged ${id}`, FORGED, TRIES)
  }
}
