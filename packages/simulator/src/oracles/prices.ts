import type { Fields, Remote, Row } from '../world/remote.ts'
import { REFUSED_SKU } from '../world/people.ts'
import type { World } from '../world/world.ts'

/** Every price of an article that a shop has stands there once, to the last digit, with its sale and the sale's time. */
export function priceWrongs(world: World, shop: Remote): readonly string[] {
  const sold = world.erp.rows('prices').filter(price => skuOf(world.erp, price) !== REFUSED_SKU)
  return (world.plan.people.prices ? sold : []).flatMap(price => {
    const copies = shop.rows('prices').filter(row => row.key === `erp/Price/${price.id}`)
    const [copy] = copies
    if (!copy || copies.length > 1) return [`price ${price.id} is in ${shop.name} ${copies.length} times`]
    const [wanted, shown] = [wordsOf(price.fields), wordsAt(copy.fields)]
    const article = skuOf(world.erp, price) === skuOf(shop, copy) ? [] : ['is the price of another article']
    const content = wanted === shown ? [] : [`shows ${shown} instead of ${wanted}`]
    return [...article, ...content].map(words => `price ${price.id} in ${shop.name} ${words}`)
  })
}

const skuOf = (remote: Remote, price: Row) =>
  remote.row('products', String(price.fields['product']))?.fields['sku']

function wordsOf({ list, sale, priceList, currency }: Fields): string {
  const { amount = '', from = '', to = '' } = (sale ?? {}) as Fields
  return [list, currency, priceList ?? '', amount, from, to].join('|')
}

const wordsAt = ({ list, currency, priceList, sale, from, to }: Fields) =>
  [list, currency, priceList ?? '', sale, from, to].join('|')
