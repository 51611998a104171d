import { describe, test } from 'vitest'
import { useDatabase, openHouse } from './house/index.ts'
import { expectAgreement } from './house/agreement.ts'
import { dolibarrErp } from './house/dolibarr.ts'
import type { MakeErp } from './house/erp.ts'
import { medusaShop } from './house/medusa.ts'
import { metasfreshErp } from './house/metasfresh.ts'
import { odooErp } from './house/odoo.ts'
import { tellOrderToCash } from './house/order-to-cash.ts'
import type { MakeShop } from './house/shop.ts'
import { shopifyShop } from './house/shopify.ts'
import { trytonErp } from './house/tryton.ts'
import { vendureShop } from './house/vendure.ts'
import { wooShop } from './house/woocommerce.ts'

useDatabase()

const shops: Readonly<Record<string, MakeShop>> = {
  Medusa: medusaShop,
  Shopify: shopifyShop,
  Vendure: vendureShop,
  WooCommerce: wooShop,
}
const erps: Readonly<Record<string, MakeErp>> = {
  Dolibarr: dolibarrErp,
  metasfresh: metasfreshErp,
  Odoo: odooErp,
  Tryton: trytonErp,
}

describe('the main story needs no code for a pair of systems (look-alikes)', () => {
  for (const [left, shop] of Object.entries(shops))
    for (const [right, erp] of Object.entries(erps))
      test(`${left} and ${right}`, async () => {
        await using house = await openHouse({ shop, erp })
        await tellOrderToCash(house)
        await expectAgreement(house)
      })
})
