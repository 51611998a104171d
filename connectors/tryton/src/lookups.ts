import { Problem } from '@linchpin/connector'
import { equal } from '@linchpin/model'
import { z } from 'zod'
import { remembered, searchRead, type Session } from './session.ts'
import { percentOf } from './wire.ts'

/** Tryton's own tables that orders and products refer to, found by the names that people know. */

export interface Warehouse {
  readonly id: number
  readonly name: string
}

export function warehouseOf(session: Session): Promise<Warehouse> {
  return remembered(session, 'warehouse', async () => {
    const wanted = session.settings.warehouse
    const where = [
      ['type', '=', 'warehouse'],
      ['active', '=', true],
    ]
    const found = await searchRead(session, 'stock.location', NAMED, { where, fields: ['name', 'code'] })
    const chosen =
      wanted === undefined ? found[0] : found.find(each => each.code === wanted || each.name === wanted)
    if (chosen) return chosen
    const there = found.map(each => each.name).join(', ') || 'none'
    throw new Problem(
      'settings',
      `Tryton has no warehouse "${wanted ?? ''}" (it has: ${there}). Correct it in this connection.`,
    )
  })
}

export function companyOf(session: Session): Promise<{ id: number; name: string; currency: string }> {
  return remembered(session, 'company', async () => {
    const { company } = await session.client.context()
    const fields = ['currency.code', 'party.name']
    const [found] = await searchRead(session, 'company.company', COMPANIES, {
      where: [['id', '=', company]],
      fields,
    })
    if (!found)
      throw new Problem(
        'settings',
        `Tryton has no company ${company} for this user. Correct it in this connection.`,
      )
    return { id: found.id, name: found.party.name, currency: found.currency.code }
  })
}

export function currencyId(session: Session, code: string): Promise<number> {
  return remembered(session, `currency ${code}`, async () => {
    const where = [
      ['code', '=', code],
      ['active', '=', true],
    ]
    const [found] = await searchRead(session, 'currency.currency', NAMED, { where, fields: ['name'] })
    if (!found)
      throw new Problem('refused', `Tryton has no currency ${code}. Create it there, or sell in another.`)
    return found.id
  })
}

export function countryId(session: Session, code: string): Promise<number> {
  return remembered(session, `country ${code}`, async () => {
    const [found] = await searchRead(session, 'country.country', NAMED, {
      where: [['code', '=', code]],
      fields: ['name'],
    })
    if (!found)
      throw new Problem(
        'refused',
        `Tryton does not know the country ${code}. Import its countries (trytond_import_countries) and try again.`,
      )
    return found.id
  })
}

export function paymentTermId(session: Session): Promise<number | null> {
  const name = session.settings.paymentTerm
  if (name === undefined) return Promise.resolve(null)
  return remembered(session, 'payment term', async () => {
    const where = [['name', '=', name]]
    const [found] = await searchRead(session, 'account.invoice.payment_term', NAMED, {
      where,
      fields: ['name'],
    })
    if (!found)
      throw new Problem('settings', `Tryton has no payment term "${name}". Correct it in this connection.`)
    return found.id
  })
}

/** The tax of this rate ('19'): the operator's choice, else the product's own, else the only one there is. */
export async function taxId(session: Session, rate: string, own: readonly number[]): Promise<number> {
  const taxes = (await taxesOf(session)).filter(tax => equal(tax.percent, rate))
  const chosen = Object.entries(session.settings.taxes).find(([percent]) => equal(percent, rate))?.[1]
  if (chosen !== undefined) {
    const named = taxes.find(tax => tax.name === chosen)
    if (named) return named.id
    throw new Problem(
      'settings',
      `Tryton has no tax of ${rate} % named "${chosen}". Correct \`taxes\` in this connection.`,
    )
  }
  const [only, another] = taxes
  if (!only)
    throw new Problem(
      'refused',
      `Tryton has no tax of ${rate} %. Create it there, or correct the rate in the shop.`,
    )
  if (!another) return only.id
  const [mine, second] = taxes.filter(tax => own.includes(tax.id))
  if (mine && !second) return mine.id
  const names = taxes.map(tax => `"${tax.name}"`).join(', ')
  throw new Problem(
    'refused',
    `Tryton has several taxes of ${rate} %: ${names}. Name the right one under \`taxes\` in this connection.`,
  )
}

function taxesOf(session: Session) {
  return remembered(session, 'taxes', async () => {
    const { company } = await session.client.context()
    const where = [
      ['company', '=', company],
      ['type', '=', 'percentage'],
      ['parent', '=', null],
      ['active', '=', true],
      ['OR', ['group', '=', null], ['group.kind', 'in', ['sale', 'both']]],
    ]
    const found = await searchRead(session, 'account.tax', TAXES, { where, fields: ['name', 'rate'] })
    return found.map(tax => ({ id: tax.id, name: tax.name, percent: percentOf(tax.rate) }))
  })
}

export interface Sellable {
  readonly id: number
  readonly code: string | null
  readonly name: string
  readonly sale_uom: number | null
  readonly default_uom: number
  readonly salable: boolean
  readonly taxes: readonly number[]
}

/** What an order line must know of its products. One that does not exist is missing. */
export async function sellables(session: Session, where: readonly unknown[]): Promise<readonly Sellable[]> {
  const fields = [
    'code',
    'name',
    'sale_uom',
    'default_uom',
    'salable',
    'template.account_category.customer_taxes',
  ]
  const found = await searchRead(session, 'product.product', SELLABLES, { where, fields })
  return found.map(({ template, ...product }) => ({
    ...product,
    taxes: template.account_category?.customer_taxes ?? [],
  }))
}

export function serviceProduct(session: Session, kind: 'shipping' | 'fee' | 'rounding'): Promise<Sellable> {
  const code = session.settings.services[kind]
  return remembered(session, `service ${code}`, async () => {
    const [found, another] = await sellables(session, [
      ['code', '=', code],
      ['active', '=', true],
    ])
    if (found && !another) return found
    const words = found ? `several products have the code "${code}"` : `no product has the code "${code}"`
    throw new Problem(
      'settings',
      `In Tryton ${words}, which this connection uses for ${kind}. Create one salable service with it.`,
    )
  })
}

const NAMED = z.array(z.looseObject({ id: z.int(), name: z.string(), code: z.string().nullish() }))
const COMPANIES = z.array(
  z.looseObject({
    id: z.int(),
    currency: z.looseObject({ code: z.string() }),
    party: z.looseObject({ name: z.string() }),
  }),
)
const TAXES = z.array(z.looseObject({ id: z.int(), name: z.string(), rate: z.string() }))
const SELLABLES = z.array(
  z.looseObject({
    id: z.int(),
    code: z.string().nullable(),
    name: z.string(),
    sale_uom: z.int().nullable(),
    default_uom: z.int(),
    salable: z.boolean(),
    template: z.looseObject({
      account_category: z.looseObject({ customer_taxes: z.array(z.int()) }).nullable(),
    }),
  }),
)
