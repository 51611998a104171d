import { clerkWrongs, massWrongs } from './oracles/clerks.ts'
import { documents, documentWrongs } from './oracles/documents.ts'
import { moneyWrongs } from './oracles/money.ts'
import { nameWrongs } from './oracles/names.ts'
import { orderWrongs, strangers } from './oracles/orders.ts'
import { priceWrongs } from './oracles/prices.ts'
import { requestWrongs, writeWrongs } from './oracles/requests.ts'
import { catalogueWrongs, raceWrongs } from './oracles/stock.ts'
import { parkedWrongs, unfinished } from './oracles/work.ts'
import type { World } from './world/world.ts'

/** What must hold once everything has healed: one line for each thing that does not. */
export function wrongs(world: World): readonly string[] {
  return [
    ...unfinished(world),
    ...world.shops.flatMap(shop => shop.rows('orders').flatMap(order => orderWrongs(world, shop, order))),
    ...strangers(world),
    ...world.shops.flatMap(shop => moneyWrongs(world, shop)),
    ...documents.flatMap(table => documentWrongs(world, table)),
    ...world.shops.flatMap(shop => catalogueWrongs(world, shop)),
    ...world.shops.flatMap(shop => priceWrongs(world, shop)),
    ...raceWrongs(world),
    ...parkedWrongs(world),
    ...requestWrongs(world),
    ...writeWrongs(world),
    ...clerkWrongs(world),
    ...nameWrongs(world),
    ...massWrongs(world),
  ]
}
