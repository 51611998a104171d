import { sameBytes, type Notification, type Webhook } from '@linchpin/connector'
import { z } from 'zod'
import type { Session } from './client.ts'
import type { Settings } from './settings.ts'

/**
 * What an automation rule of Odoo sends with "Send Webhook Notification" (17 and 19: odoo/addons/base/models/ir_actions.py):
 * a POST after the commit, unsigned and never repeated. So it is a hint only, and what makes it believable is a secret
 * in the address: …/webhooks/erp?secret=…
 */
export const webhook: Webhook<Settings, Session> = {
  verify: ({ webhookSecret }, { url }) => {
    const shown = secretIn(url)
    if (!webhookSecret || shown === null) return false
    return sameBytes(Buffer.from(webhookSecret), Buffer.from(shown))
  },
  parse: ({ body }) => {
    const told = notification.safeParse(parsed(body))
    if (!told.success) return []
    const { _model: model, _id: id, move_type: type } = told.data
    return namesOf(model, type).map(entity => ({ entity, id: String(id) }))
  },
}

/** Fields that the rule was told to send along come beside these; none is needed. */
const notification = z.looseObject({
  _model: z.string(),
  _id: z.int().positive(),
  move_type: z.string().optional(),
})

/** Without its type an entry may be either: whichever it is not finds nothing. */
function namesOf(model: string, type: string | undefined): readonly Notification['entity'][] {
  if (model === 'account.move' && type !== undefined)
    return type === 'out_invoice' ? ['Invoice'] : type === 'out_refund' ? ['CreditNote'] : []
  return ENTITIES.get(model) ?? []
}

const ENTITIES: ReadonlyMap<string, readonly Notification['entity'][]> = new Map([
  ['sale.order', ['SalesOrder']],
  ['stock.picking', ['Shipment']],
  ['account.move', ['Invoice', 'CreditNote']],
  ['account.payment', ['Payment']],
  ['product.product', ['Product', 'Price', 'StockLevel']],
  ['res.partner', ['Account']],
])

function secretIn(url: string): string | null {
  // Fragments and hosts do not matter: what comes in is a path with a query.
  const at = url.indexOf('?')
  return at < 0 ? null : new URLSearchParams(url.slice(at)).get('secret')
}

function parsed(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(bytes).toString()) as unknown
  } catch {
    return undefined
  }
}
