import { Problem, type Health } from '@linchpin/connector'
import { z } from 'zod'
import { companyOf, paymentTermId, serviceProduct, warehouseOf } from './lookups.ts'
import { searchRead, type Session } from './session.ts'

/** Looks at all that an order needs on its way: sign-in, company, modules, rights, service products, the clock. */
export async function health(session: Session): Promise<Health> {
  try {
    const { version, clockSkewMs } = await session.client.version()
    const company = await companyOf(session)
    const notes = (await Promise.all([modules(session), rights(session), settingsNotes(session)])).flat()
    const skewed = clockSkewMs !== null && Math.abs(clockSkewMs) > 60_000
    const clock = skewed
      ? [`Tryton's clock is ${Math.round(clockSkewMs / 1000)} s off ours. Set both by a time server.`]
      : []
    const known = version.startsWith('6.0')
      ? []
      : [`This is Tryton ${version}; the connector was tried against 6.0.`]
    const trouble = [...notes, ...clock]
    return {
      is: trouble.length === 0 ? 'up' : 'degraded',
      notes: [...trouble, ...known, `Works for ${company.name}, in ${company.currency}.`],
      version: `Tryton ${version}`,
      ...(clockSkewMs === null ? {} : { clockSkewMs }),
      ...(trouble.length === 0 ? {} : { problem: new Problem('settings', trouble.join(' ')) }),
    }
  } catch (error) {
    const problem =
      error instanceof Problem
        ? error
        : new Problem('surprise', 'The connection test met something unknown.', { cause: error })
    return { is: 'down', notes: [problem.message], problem }
  }
}

const NEEDED = [
  'sale',
  'stock',
  'account_invoice',
  'account_invoice_stock',
  'product_price_list',
  'sale_price_list',
  'stock_package',
  'stock_package_shipping',
]

async function modules(session: Session): Promise<string[]> {
  const where = [
    ['state', '=', 'activated'],
    ['name', 'in', NEEDED],
  ]
  const found = await searchRead(session, 'ir.module', NAMED, { where, fields: ['name'] })
  const missing = NEEDED.filter(name => !found.some(each => each.name === name))
  return missing.length === 0
    ? []
    : [`Tryton lacks these modules: ${missing.join(', ')}. Activate them there.`]
}

const WRITTEN = ['party.party', 'party.address', 'sale.sale', 'sale.line']
const READ = [
  'product.product',
  'stock.shipment.out',
  'stock.move',
  'stock.package',
  'account.invoice',
  'account.tax',
]

async function rights(session: Session): Promise<string[]> {
  const access = await session.client.ask(ACCESS, 'model.ir.model.access.get_access', [[...WRITTEN, ...READ]])
  const unread = [...WRITTEN, ...READ].filter(model => !access[model]?.read)
  const unwritten = WRITTEN.filter(model => !access[model]?.write || !access[model].create)
  const { username } = session.settings
  return [
    ...(unread.length > 0
      ? [`The user ${username} may not read ${unread.join(', ')}. Put it in the right groups.`]
      : []),
    ...(unwritten.length > 0
      ? [`The user ${username} may not write ${unwritten.join(', ')}. Put it in the right groups.`]
      : []),
  ]
}

async function settingsNotes(session: Session): Promise<string[]> {
  const services = (['shipping', 'fee', 'rounding'] as const).map(kind => () => serviceProduct(session, kind))
  const notes: string[] = []
  for (const look of [() => warehouseOf(session), () => paymentTermId(session), ...services]) {
    try {
      await look()
    } catch (error) {
      if (!(error instanceof Problem) || error.kind !== 'settings') throw error
      notes.push(error.message)
    }
  }
  return notes
}

const NAMED = z.array(z.looseObject({ id: z.int(), name: z.string() }))
const FLAG = z.union([z.boolean(), z.number()])
const ACCESS = z.record(z.string(), z.looseObject({ read: FLAG, write: FLAG, create: FLAG }))
