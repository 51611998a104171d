import { conformance, type MakeRig } from '@linchpin/connector/conformance'
import { afterAll, beforeAll, describe, test } from 'vitest'
import { keepWhole, ledger } from '../../../scripts/conformance/ledger.ts'
import { liveFolder, logTo } from './bench.ts'
import { realRigs } from './rigs.ts'
import { seedVendure } from './seed.ts'
import { startVendure, type RealVendure } from './start.ts'

/** The list of checks is made before the shop runs, from a rig whose shop nobody asks anything. */
const nowhere: RealVendure = {
  adminUrl: 'http://127.0.0.1:9/admin-api',
  shopUrl: 'http://127.0.0.1:9/shop-api',
  username: 'linchpin',
  password: 'of-no-use',
  stop: async () => undefined,
}
const unseeded = { channel: '', zone: '', stockLocation: '', couponCode: '' }

/** One check places dozens of orders and reads them hundreds of times. */
const timeout = 300_000

const checks = ledger()

describe('a real Vendure 3.7.3 keeps what the connector promises', () => {
  let shop: RealVendure
  let rigs: Readonly<Record<string, MakeRig>> = realRigs(nowhere, unseeded)

  beforeAll(async () => {
    shop = await startVendure({ dir: liveFolder, log: logTo('vendure') })
    rigs = realRigs(shop, await seedVendure(shop, { pricesIncludeTax: true }))
  })
  afterAll(() => shop?.stop())
  afterAll(() => keepWhole('vendure', 'Vendure 3.7.3', checks, Date.now()))

  describe.each(Object.keys(rigs))('%s', name => {
    const rig: MakeRig = now => rigs[name]!(now)
    const { entity } = rig(() => 0)
    for (const check of conformance(rig)) {
      const { name: promise, skip } = check
      test(
        skip === null ? promise : `${promise} (does not apply: ${skip})`,
        { skip: skip !== null, timeout },
        checks.noted(entity, check),
      )
    }
  })
})
