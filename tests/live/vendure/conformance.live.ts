import { liveFolder, logTo } from '../support/bench.ts'
import { keepsItsPromises } from '../support/conformance.ts'
import { realRigs } from './rigs.ts'
import { seedVendure } from './seed.ts'
import { startVendure, type RealVendure } from './start.ts'

const nowhere: RealVendure = {
  adminUrl: 'http://127.0.0.1:9/admin-api',
  shopUrl: 'http://127.0.0.1:9/shop-api',
  username: 'linchpin',
  password: 'of-no-use',
  stop: async () => undefined,
}
const unseeded = { channel: '', zone: '', stockLocation: '', couponCode: '' }

keepsItsPromises({ id: 'vendure', product: 'Vendure 3.7.3' }, realRigs(nowhere, unseeded), async () => {
  const shop = await startVendure({ dir: liveFolder('vendure'), log: logTo('vendure') })
  return {
    rigs: realRigs(shop, await seedVendure(shop, { pricesIncludeTax: true })),
    stop: () => shop.stop(),
  }
})
