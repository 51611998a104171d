import type { Chance } from '../chance.ts'
import type { Stage } from './people.ts'
import type { Fields } from './remote.ts'

const CHANGES = 8
const DAY_MS = 24 * 3_600_000

/** A price for everybody, and for every second article one for the companies that have a price list. */
export function furnishPrices({ kernel, plan, erp }: Stage): void {
  if (!plan.people.prices) return
  const chance = kernel.chance('prices')
  for (const { id } of erp.rows('products'))
    for (const list of chance.happens(0.5) ? [undefined, 'B2B'] : [undefined])
      erp.furnish('prices', null, {
        product: id,
        ...(list === undefined ? {} : { priceList: list }),
        currency: 'EUR',
        taxInclusive: list === undefined,
        list: amountOf(chance),
      })
}

/** Clerks set prices and sales, and end sales. */
export function setPrices({ kernel, plan, erp }: Stage, until: number): void {
  if (!plan.people.prices) return
  const chance = kernel.chance('price changes')
  for (let turn = 0; turn < CHANGES; turn += 1)
    kernel.at(chance.between(kernel.now() + 30_000, until), 'a clerk sets a price', () => {
      const row = chance.pick(erp.rows('prices'))
      erp.edit('prices', row.id, before => changed(before, chance, kernel.now()))
    })
}

function changed(before: Fields, chance: Chance, now: number): Fields {
  const { sale: _sale, ...plain } = before
  if (chance.happens(0.3)) return plain
  if (chance.happens(0.4)) return { ...before, list: amountOf(chance) }
  const sale = {
    amount: amountOf(chance),
    from: new Date(now).toISOString(),
    ...(chance.happens(0.5) ? { to: new Date(now + DAY_MS).toISOString() } : {}),
  }
  return { ...before, sale }
}

/** Also such as no sum of floats keeps: 0.07, 1234.5. */
const amountOf = (chance: Chance) =>
  chance.pick([
    `${chance.between(0, 2_000)}.${chance.between(10, 99)}`,
    `0.0${chance.between(1, 9)}`,
    '1234.5',
  ])
