import { fileURLToPath } from 'node:url'
import { conformance, type MakeRig } from '@linchpin/connector/conformance'
import { afterAll, beforeAll, describe, test } from 'vitest'
import { keepWhole, ledger } from '../../../scripts/conformance/ledger.ts'
import { logTo } from '../vendure/bench.ts'
import { Rest } from './rest.ts'
import { realRigs } from './rigs.ts'
import { seedMedusa, type Seeded } from './seed.ts'
import { startMedusa, type RealMedusa } from './start.ts'

const liveFolder = fileURLToPath(new URL('../../../.live/medusa', import.meta.url))

/** The list of checks is made before the shop runs, from a rig whose shop nobody asks anything. */
const nowhere: RealMedusa = {
  url: 'http://127.0.0.1:9',
  email: '',
  password: '',
  stop: async () => undefined,
}
const nobody = new Rest(nowhere.url, {})
const unseeded: Seeded = {
  admin: nobody,
  store: nobody,
  apiKey: 'sk_of_no_use',
  region: '',
  location: '',
  shippingOption: '',
}

/** One check places dozens of orders and reads them hundreds of times. */
const timeout = 300_000

const checks = ledger()

describe('a real Medusa 2.21.2 keeps what the connector promises', () => {
  let shop: RealMedusa
  let rigs: Readonly<Record<string, MakeRig>> = realRigs(nowhere, unseeded)

  beforeAll(async () => {
    shop = await startMedusa({ dir: liveFolder, log: logTo('medusa') })
    rigs = realRigs(shop, await seedMedusa(shop))
  })
  afterAll(() => shop?.stop())
  afterAll(() => keepWhole('medusa', 'Medusa 2.21.2', checks, Date.now()))

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
