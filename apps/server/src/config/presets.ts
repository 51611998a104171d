import type { EntityName } from '@linchpin/model'
import type { FlowConfig, OrderToCash } from './schema.ts'

/**
 * The standard flows of one shop and one ERP: the catalogue goes out, orders come in, their shipments and invoices go
 * back. Who owns what: the ERP owns products, prices, stock, shipments and invoices; the shop owns the order until it
 * is placed, and the customer's account; an order is cancelled by whichever side cancels it.
 */
export function orderToCashFlows(
  preset: OrderToCash,
): readonly { readonly label: string; readonly flow: FlowConfig }[] {
  const { shop, erp, change = {}, since, buffer, schedule, topology } = preset
  const common = defined({ since, buffer, schedule, topology })
  return STANDARD.flatMap(({ entity, to, ...options }) => {
    const label = `${entity} to ${to}`
    const own = change[label]
    if (own === false) return []
    const [from, target] = to === 'erp' ? [shop, erp] : [erp, shop]
    const name = `${kebab(entity)}-${from}-to-${target}`
    return [{ label, flow: { name, entity, from, to: target, ...options, ...common, ...own } }]
  })
}

interface Standard extends Partial<FlowConfig> {
  readonly entity: EntityName
  readonly to: 'shop' | 'erp'
}

const STANDARD: readonly Standard[] = [
  { entity: 'SalesOrder', to: 'erp', priority: 10 },
  { entity: 'Account', to: 'erp', priority: 5, trigger: 'asked', update: false, match: true },
  // Back comes only what became of the order: its number there, and its cancellation.
  { entity: 'SalesOrder', to: 'shop', priority: 20, create: false },
  { entity: 'Shipment', to: 'shop', priority: 30 },
  { entity: 'Invoice', to: 'shop', priority: 40 },
  { entity: 'CreditNote', to: 'shop', priority: 45 },
  { entity: 'StockLevel', to: 'shop', priority: 50 },
  { entity: 'Price', to: 'shop', priority: 60 },
  { entity: 'PriceList', to: 'shop', priority: 65 },
  { entity: 'Product', to: 'shop', priority: 70, match: true },
]

function defined<Options extends object>(options: Options) {
  const set = Object.entries(options).filter(([, value]) => value !== undefined)
  return Object.fromEntries(set) as { [Name in keyof Options]?: Exclude<Options[Name], undefined> }
}

function kebab(entity: string): string {
  return entity.replace(/(?<=.)([A-Z])/g, '-$1').toLowerCase()
}
