import { findOrMake, Problem } from '@linchpin/connector'
import { idOf } from './changes.ts'
import { call, readRows, searchRead, type Domain, type Row, type Session } from './client.ts'
import { upsert } from './writing.ts'

export interface Company {
  readonly id: number
  readonly name: string
  readonly currency: string
}

/** The company that we work for: the one of the settings, or our user's own. */
export function companyOf(session: Session): Promise<Company> {
  return session.remember('company', async () => {
    const id = session.settings.company ?? (await ownCompany(session))
    const [row] = await readRows(session, 'res.company', [id], ['name', 'currency_id'])
    if (!row) throw new Problem('settings', `Odoo has no company ${id} that our user may see.`)
    return { id, name: String(row['name']), currency: nameOf(row['currency_id']) ?? 'EUR' }
  })
}

async function ownCompany(session: Session): Promise<number> {
  const [user] = await searchRead(session, 'res.users', {
    domain: [['login', '=', session.settings.login]],
    fields: ['company_id'],
    limit: 1,
  })
  const id = idOf(user?.['company_id'])
  if (id === null)
    throw new Problem('settings', `Odoo has no user ${session.settings.login}. Check the login.`)
  return id
}

/** A tax on sales, at one percentage. */
export interface SalesTax {
  readonly id: number
  readonly name: string
  /** '19' */
  readonly rate: string
  /** Whether prices contain it. */
  readonly included: boolean
}

/** In the order in which Odoo would offer them. Asked each time: the operator may just have made the missing one. */
export async function salesTaxes(session: Session): Promise<readonly SalesTax[]> {
  const company = await companyOf(session)
  const rows = await searchRead(session, 'account.tax', {
    domain: [
      ['type_tax_use', '=', 'sale'],
      ['amount_type', '=', 'percent'],
      ['company_id', '=', company.id],
    ],
    fields: ['name', 'amount', 'price_include', 'sequence'],
    order: 'sequence, id',
  })
  return rows.map(taxOf)
}

export function taxOf(row: Row): SalesTax {
  return {
    id: row.id,
    name: String(row['name']),
    rate: String(row['amount']),
    included: row['price_include'] === true,
  }
}

/** The taxes by id, whichever kind they are: what stands on a line is read as it is. */
export async function taxesById(session: Session, ids: readonly number[]): Promise<Map<number, SalesTax>> {
  const rows = await readRows(session, 'account.tax', ids, ['name', 'amount', 'price_include'])
  return new Map(rows.map(row => [row.id, taxOf(row)]))
}

export function countryId(session: Session, code: string): Promise<number> {
  return session.remember(`country ${code}`, async () => {
    const [row] = await searchRead(session, 'res.country', {
      domain: [['code', '=', code]],
      fields: ['code'],
      limit: 1,
    })
    if (!row) throw new Problem('refused', `Odoo knows no country ${code}. Correct the address.`)
    return row.id
  })
}

/** A state by its code or name; null when Odoo has none of it, which is no reason to refuse an address. */
export function stateId(session: Session, country: number, state: string): Promise<number | null> {
  return session.remember(`state ${country} ${state.toLowerCase()}`, async () => {
    const rows = await searchRead(session, 'res.country.state', {
      domain: [['country_id', '=', country]],
      fields: ['name', 'code'],
    })
    const wanted = state.toLowerCase()
    const is = (row: Row) => [row['code'], row['name']].some(each => String(each).toLowerCase() === wanted)
    return rows.find(is)?.id ?? null
  })
}

/** The service product of this code, made when it is missing. */
export function serviceProduct(session: Session, code: string): Promise<number> {
  return session.remember(`service ${code}`, async () => {
    const domain: Domain = [['default_code', '=', code]]
    const made = {
      name: code,
      default_code: code,
      type: 'service',
      list_price: '0',
      sale_ok: true,
      purchase_ok: false,
      // What is billed by delivery would never be billed: nobody delivers shipping.
      invoice_policy: 'order',
    }
    return findOrMake(
      async () => {
        const fields = ['default_code']
        const [row] = await searchRead(session, 'product.product', { domain, fields, limit: 1 })
        return row?.id ?? null
      },
      () => upsert(session, 'product.product', `service/${code}`, made),
    )
  })
}

/** How many decimals Odoo keeps of such a figure; two, unless the operator changed it. */
export function digitsOf(session: Session, use: string): Promise<number> {
  return session.remember(`digits ${use}`, async () => {
    const rows = await searchRead(session, 'decimal.precision', {
      domain: [['name', '=', use]],
      fields: ['digits'],
    })
    const digits = rows[0]?.['digits']
    return typeof digits === 'number' ? digits : 2
  })
}

/** The pricelist to name on an order in this currency; null to leave it to Odoo, which takes the customer's. */
export async function pricelistFor(session: Session, currency: string): Promise<number | null> {
  const own = session.settings.pricelist
  if (own !== undefined && (await pricelistCurrency(session, own)) === currency) return own
  return (await companyOf(session)).currency === currency ? null : pricelistIn(session, currency)
}

/** The first pricelist in this currency. */
export function pricelistIn(session: Session, currency: string): Promise<number> {
  return session.remember(`pricelist in ${currency}`, async () => {
    const [row] = await searchRead(session, 'product.pricelist', {
      domain: [['currency_id.name', '=', currency]],
      fields: ['name'],
      order: 'sequence, id',
      limit: 1,
    })
    if (row) return row.id
    throw new Problem('refused', `Odoo has no pricelist in ${currency}. Make one, then try again.`)
  })
}

async function pricelistCurrency(session: Session, id: number): Promise<string> {
  return session.remember(`pricelist ${id}`, async () => {
    const [row] = await readRows(session, 'product.pricelist', [id], ['currency_id'])
    if (!row) throw new Problem('settings', `Odoo has no pricelist ${id}. Correct the settings.`)
    return nameOf(row['currency_id']) ?? ''
  })
}

function nameOf(value: unknown): string | null {
  return Array.isArray(value) && typeof value[1] === 'string' ? value[1] : null
}

/** SKU and bar code of products by id. */
export async function productCodes(session: Session, ids: readonly number[]): Promise<Map<number, Row>> {
  const rows = await readRows(session, 'product.product', ids, [
    'default_code',
    'barcode',
    'type',
    'taxes_id',
  ])
  return new Map(rows.map(row => [row.id, row]))
}

export async function may(
  session: Session,
  model: string,
  operation: 'create' | 'read' | 'write',
  right: { method: string; args: object },
): Promise<boolean> {
  const ids = right.method === 'has_access' ? { ids: [] } : {}
  return call<boolean>(session, model, right.method, { ...ids, args: { operation, ...right.args } })
}
