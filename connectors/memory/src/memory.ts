import type { Connector } from '@linchpin/connector'
import { health, type Session } from './client.ts'
import { salesOrder } from './orders.ts'
import { product } from './products.ts'
import { settings, type Settings } from './settings.ts'
import { webhook } from './webhook.ts'

/** What Linchpin can do with Memory: read this first. */
export const memory: Connector<Settings, Session> = {
  id: 'memory',
  title: 'Memory',
  role: 'erp',
  settings,
  limits: { requests: 50, perMs: 1000, atOnce: 4 },
  entities: { SalesOrder: salesOrder, Product: product },
  webhook,
  open: async (given, io) => ({ settings: given, io }),
  health,
}
