import { liveFolder, logTo } from '../support/bench.ts'
import { keepsItsPromises } from '../support/conformance.ts'
import { Rest } from './rest.ts'
import { realRigs } from './rigs.ts'
import { seedMedusa, type Seeded } from './seed.ts'
import { startMedusa, type RealMedusa } from './start.ts'

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

keepsItsPromises({ id: 'medusa', product: 'Medusa 2.21.2' }, realRigs(nowhere, unseeded), async () => {
  const shop = await startMedusa({ dir: liveFolder('medusa'), log: logTo('medusa') })
  return { rigs: realRigs(shop, await seedMedusa(shop)), stop: () => shop.stop() }
})
