/**
 * Runs a real Vendure in a process of its own. The working directory is where @vendure/core is installed; everything
 * else comes in `VENDURE`, as JSON: { port, username, password, postgres: { host, username, database }, customFields, assets, plugin, webhook }.
 */
import { copyFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import process from 'node:process'

const require = createRequire(join(process.cwd(), 'package.json'))
const core = require('@vendure/core')
const { AssetServerPlugin } = require('@vendure/asset-server-plugin')
const given = JSON.parse(process.env.VENDURE)

const text = (name, more = {}) => ({ name, type: 'string', nullable: true, public: false, ...more })

const config = {
  apiOptions: {
    port: given.port,
    hostname: '127.0.0.1',
    adminApiPath: 'admin-api',
    shopApiPath: 'shop-api',
  },
  authOptions: {
    tokenMethod: ['bearer', 'cookie', 'api-key'],
    superadminCredentials: { identifier: given.username, password: given.password },
    cookieOptions: { secret: given.password },
    requireVerification: false,
  },
  dbConnectionOptions: {
    type: 'postgres',
    synchronize: true,
    logging: false,
    ...given.postgres,
  },
  paymentOptions: { paymentMethodHandlers: [core.dummyPaymentHandler] },
  customFields: given.customFields
    ? {
        Order: [text('erpNumber'), text('invoices', { list: true, public: true })],
        ProductVariant: [text('erpId'), text('gtin')],
        Customer: [text('vatId', { public: true })],
      }
    : {},
  plugins: [
    AssetServerPlugin.init({ route: 'assets', assetUploadDir: given.assets }),
    core.DefaultJobQueuePlugin.init({ pollInterval: 200 }),
    core.DefaultSearchPlugin.init({}),
    ...(given.webhook ? [pluginOf(given.webhook)] : []),
  ],
  logger: new core.DefaultLogger({ level: core.LogLevel.Warn, timestamp: false }),
}

/** Our plugin, as its user has it: beside the Vendure that it asks for. */
function pluginOf(options) {
  const here = join(process.cwd(), 'linchpin-plugin.cjs')
  copyFileSync(given.plugin, here)
  return require(here).LinchpinPlugin.init(options)
}

const app = await core.bootstrap(config)
await app.get(core.JobQueueService).start()
process.on('SIGTERM', () => void app.close().then(() => process.exit(0)))
console.log(`Vendure ${core.VENDURE_VERSION} listens on port ${given.port}.`)
