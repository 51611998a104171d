import { demoAccess } from '@linchpin/connector-odoo'
import { demoKey } from '@linchpin/connector-woocommerce'
import { readConfig } from '../config/read.ts'
import type { Config } from '../config/schema.ts'

const ERP_KEY = 'LINCHPIN_DEMO_ERP_KEY'

/** What a container would be given. */
export const demoSecrets = { [ERP_KEY]: demoAccess.apiKey }

/** The demo's configuration: what somebody would write for a WooCommerce and an Odoo of their own. */
export function demoConfig(at: {
  readonly data: string
  readonly port: number
  readonly shop: string
  readonly erp: string
  /** The ERP's price list for the shop: dated sales come from there. */
  readonly pricelist: number
}): Config {
  const { consumerKey, consumerSecret } = demoKey
  const { database, login } = demoAccess
  // Look-alikes on this machine keep nobody else waiting.
  const limits = { requests: 100, perMs: 1000 }
  return readConfig('the demo', {
    dataDir: at.data,
    http: { port: at.port },
    log: { level: 'warn' },
    connections: {
      shop: {
        connector: 'woocommerce',
        settings: { url: at.shop, consumerKey, consumerSecret, webhookSecret: 'demo-webhook-secret' },
        limits,
        mappings: { SalesOrder: MARKETPLACES },
      },
      erp: {
        connector: 'odoo',
        settings: {
          url: at.erp,
          database,
          login,
          apiKey: { secret: ERP_KEY },
          pricelist: at.pricelist,
          // The look-alike commits at once: nothing comes late, and each poll would read all of the last minutes again.
          overlapMinutes: 0.1,
        },
        limits,
      },
    },
    flows: [{ preset: 'orderToCash', shop: 'shop', erp: 'erp', since: 'always', schedule: { every: '2s' } }],
  })
}

/** The shop sells on marketplaces, too; a plugin says which, and the books want to know by one name each. */
const MARKETPLACES = {
  fields: {
    channel: { first: [{ lookup: 'marketplace', of: 'meta_data[key=_marketplace].value' }, 'created_via'] },
  },
  tables: { marketplace: { ebay: 'eBay', kaufland: 'Kaufland' } },
}
