import { readConfig, start } from '@linchpin/server'
import { pino } from 'pino'
import { onStop, place, ready } from './bench-process.ts'
import { benchErp, type Job } from './linchpin/erp.ts'
import { benchShop } from './linchpin/shop.ts'

/** Linchpin as it is installed: its server, its embedded PostgreSQL, its engine; two connectors of the benchmark's own. */
const job = (process.env['BENCH_JOB'] ?? '1') as Job
const lanes = Number(process.env['BENCH_LANES'] ?? 2)
const batch = Number(process.env['BENCH_BATCH'] ?? 64)

const running = await start({
  config: readConfig('the benchmark', {
    dataDir: place.folder,
    http: { port: place.port },
    log: { level: 'warn' },
    connections: {
      shop: { connector: 'bench-shop', settings: { url: place.shop } },
      erp: { connector: 'bench-erp', settings: { url: place.sink } },
    },
    flows: [{ name: 'orders', entity: 'SalesOrder', from: 'shop', to: 'erp', since: 'always' }],
  }),
  connectors: [benchShop, benchErp(job, { lanes, batch })],
  environment: process.env,
  log: pino({ level: 'warn' }, process.stderr),
  folder: place.folder,
})
onStop(running.stop)
ready()
