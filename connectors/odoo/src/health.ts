import { Problem, type Health } from '@linchpin/connector'
import { call, dialect, fieldsOf, type Session } from './client.ts'
import { companyOf, may } from './lookups.ts'

/** What must be there, and what is missing from the connection without it. */
const modules = [
  { model: 'sale.order', module: 'Sales (sale_management)', need: 'orders cannot be carried' },
  { model: 'stock.picking', module: 'Inventory (stock)', need: 'stock and shipments cannot be read' },
  { model: 'account.move', module: 'Invoicing (account)', need: 'invoices cannot be read' },
] as const
const rights = [
  { model: 'sale.order', operation: 'create', need: 'create sales orders (Sales: User, all documents)' },
  { model: 'res.partner', operation: 'create', need: 'create contacts (Contact Creation)' },
  { model: 'stock.quant', operation: 'read', need: 'read stock (Inventory: User)' },
  { model: 'account.move', operation: 'read', need: 'read invoices (Invoicing: Billing)' },
] as const

export async function health(session: Session): Promise<Health> {
  try {
    const { version, major, transport, clockSkewMs } = await session.connected()
    await call(session, 'res.users', 'context_get', {})
    const notes = [...(await missingModules(session)), ...(await missingRights(session))]
    await companyOf(session)
    const hints = major >= 19 && transport.name === 'jsonrpc' ? [DEPRECATED] : []
    return {
      is: notes.length > 0 ? 'degraded' : 'up',
      notes: [...notes, ...hints],
      version: `Odoo ${version}`,
      ...(clockSkewMs !== null && { clockSkewMs }),
    }
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    return { is: 'down', notes: [error.message], problem: error }
  }
}

const DEPRECATED = 'We speak /jsonrpc, which Odoo 19 deprecates and 22 removes. Set transport to auto.'

async function missingModules(session: Session): Promise<string[]> {
  const notes: string[] = []
  for (const { model, module, need } of modules)
    if (!(await has(session, model))) notes.push(`Odoo has no ${module}, or hides it from our user: ${need}.`)
  if (notes.length > 0) return notes
  const pickings = await fieldsOf(session, 'stock.picking')
  if (!pickings.has('carrier_tracking_ref'))
    notes.push('Odoo has no Delivery Costs (stock_delivery): shipments have no tracking numbers.')
  if (!pickings.has('sale_id')) notes.push('Odoo has no sale_stock: shipments do not name their orders.')
  return notes
}

async function has(session: Session, model: string): Promise<boolean> {
  try {
    return (await fieldsOf(session, model)).size > 0
  } catch (error) {
    if (error instanceof Problem && ['settings', 'login', 'refused'].includes(error.kind)) return false
    throw error
  }
}

async function missingRights(session: Session): Promise<string[]> {
  const { right } = await dialect(session)
  const notes: string[] = []
  for (const { model, operation, need } of rights)
    if ((await has(session, model)) && !(await may(session, model, operation, right)))
      notes.push(`Our user may not ${need}.`)
  return notes
}
