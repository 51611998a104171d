import type { EntityName } from '@linchpin/model'

/**
 * What is done about a difference:
 * - `automatic`: the flow's continuous comparison mends it by itself;
 * - `propose`: it is mended when a person says so, all of them at once;
 * - `ask`: a person names each record;
 * - `ignore`: it is not compared.
 */
export type Healing = 'automatic' | 'propose' | 'ask' | 'ignore'

/** Of a flow: for records that are missing, for its fields (in the target's words), and for all others. */
export interface HealingPolicy {
  readonly missing: Healing
  readonly fields: Readonly<Record<string, Healing>>
  readonly otherwise: Healing
}

/** A stock that is wrong sells what is not there; a price is somebody's decision; orders and money are a person's. */
export function healingOf(entity: EntityName): HealingPolicy {
  const all = (healing: Healing) => ({ missing: healing, fields: {}, otherwise: healing })
  switch (entity) {
    case 'StockLevel':
      return all('automatic')
    case 'Account':
    case 'Contact':
    case 'Document':
    case 'Price':
    case 'PriceList':
    case 'Product':
    case 'Shipment':
      return all('propose')
    case 'CreditNote':
    case 'Invoice':
    case 'Payment':
    case 'Refund':
    case 'ReturnAuthorization':
    case 'SalesOrder':
      return all('ask')
  }
}

/** The strictest that any of these fields asks for. */
export function strictest(policy: HealingPolicy, fields: readonly string[]): Healing {
  const wanted = fields.map(field => policy.fields[field] ?? policy.otherwise)
  if (wanted.includes('ask')) return 'ask'
  return wanted.includes('propose') ? 'propose' : 'automatic'
}
