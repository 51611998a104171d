import type { Chance } from '../chance.ts'
import type { Fields } from './remote.ts'
import { START } from '../kernel.ts'
import type { Stage } from './people.ts'

const MINUTE = 60_000

/** What people do with records that are not only theirs: notes, copies, names. */
export function meddle(stage: Stage, until: number): void {
  const { kernel, plan } = stage
  const chance = kernel.chance('meddling')
  const often = (turns: number, label: string, what: () => void) => {
    for (let turn = 0; turn < turns; turn += 1)
      kernel.at(chance.between(kernel.now() + MINUTE, until), label, what)
  }
  if (plan.people.meddling) {
    often(3, 'a clerk writes a note', () => note(stage, chance))
    often(2, 'a clerk copies an order', () => copy(stage, chance))
    often(2, 'an order is thrown away', () => throwAway(stage, chance))
  }
  if (plan.people.merges) often(2, 'a clerk merges two customers', () => merge(stage, chance))
  if (plan.people.quarrel || plan.people.contrary)
    often(4, 'a customer is renamed', () => rename(stage, chance))
  if (plan.people.renames) often(8, 'a customer is renamed', () => nameAnew(stage, chance))
}

/** A field that is not ours: it must still be there at the end. */
function note({ erp }: Stage, chance: Chance): void {
  const row = pickOf(chance, erp.rows('orders'))
  if (row) erp.edit('orders', row.id, before => ({ ...before, note: NOTE }))
}

export const NOTE = 'Call before delivery.'

/** As clerks do it: the copy has the same reference, and no key of ours. */
function copy({ erp }: Stage, chance: Chance): void {
  const row = pickOf(chance, erp.rows('orders'))
  if (row) erp.edit('orders', null, () => ({ ...row.fields, copy: true }))
}

/**
 * Sometimes it was a mistake, and is put right: also, always, where only polls could tell that an order is gone that waits
 * for a person. They do not; a comparison would.
 */
function throwAway({ shops, plan: { hooks } }: Stage, chance: Chance): void {
  const shop = chance.pick(shops)
  const row = pickOf(chance, shop.rows('orders'))
  if (!row) return
  const isUnheard = (hooks.off || hooks.lost > 0) && row.fields['poison'] !== undefined
  shop.bin('orders', row.id, chance.happens(0.7) || isUnheard ? chance.between(5_000, 150_000) : null)
}

/** All that was the one's is the other's; the one is no more. */
function merge({ erp }: Stage, chance: Chance): void {
  const lost = pickOf(chance, erp.rows('accounts'))
  const kept = pickOf(
    chance,
    erp.rows('accounts').filter(row => row !== lost),
  )
  if (!lost || !kept) return
  for (const { id, fields } of erp.rows('orders'))
    if (fields['customer'] === lost.id) erp.edit('orders', id, before => ({ ...before, customer: kept.id }))
  erp.bin('accounts', lost.id, null)
}

function rename({ erp, shops }: Stage, chance: Chance): void {
  const [system, table] = chance.happens(0.5)
    ? ([erp, 'accounts'] as const)
    : ([chance.pick(shops), 'customers'] as const)
  const row = pickOf(chance, system.rows(table))
  if (row)
    system.edit(table, row.id, (before): Fields => ({ ...before, name: `Ada ${chance.between(1, 9)}` }))
}

/** Often somebody thinks of a better name a moment later, while the first one is on its way. */
function nameAnew({ kernel, erp, shops }: Stage, chance: Chance): void {
  const [system, table] = chance.happens(0.4)
    ? ([erp, 'accounts'] as const)
    : ([chance.pick(shops), 'customers'] as const)
  const row = pickOf(chance, system.rows(table))
  if (!row) return
  const enter = () =>
    system.edit(table, row.id, (before): Fields => ({ ...before, name: `Ada ${kernel.now() - START}` }))
  enter()
  if (chance.happens(0.6))
    kernel.at(kernel.now() + chance.between(300, 10_000), 'a customer is renamed again', enter)
}

const pickOf = <Item>(chance: Chance, items: readonly Item[]): Item | undefined =>
  items.length === 0 ? undefined : chance.pick(items)
