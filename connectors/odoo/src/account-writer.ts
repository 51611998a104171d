import { Problem, quoted, type Outcome, type Write, type Writer } from '@linchpin/connector'
import type { Mapping } from '@linchpin/mapping'
import { address } from '@linchpin/model'
import { z } from 'zod'
import { readAccounts } from './accounts.ts'
import { addressPartner, addressValues } from './addresses.ts'
import { versionOf } from './changes.ts'
import { call, needNumber, type Session } from './client.ts'
import { customValues, customWrite } from './custom-fields.ts'
import { idOfKey, upsert, writeEach, type Values } from './writing.ts'

const accountWrite = z.object({
  name: z.string().min(1).optional(),
  is_company: z.boolean().optional(),
  company_name: z.string().optional(),
  email: z.string().optional(),
  phone: z.string().optional(),
  vat: z.string().optional(),
  ref: z.string().optional(),
  active: z.boolean().optional(),
  billing: address.optional(),
  deliveries: z.array(address).optional(),
  custom: customWrite,
})
export type AccountWrite = z.infer<typeof accountWrite>

const isCompany = { is: ['kind', { constant: 'company' }] } as const
const mapping: Mapping = {
  from: 'Account',
  to: 'odoo.Account',
  fields: {
    name: { when: isCompany, then: { first: ['company', 'name'] }, else: { first: ['name', 'email'] } },
    is_company: { when: isCompany, then: { constant: true }, else: { constant: false } },
    company_name: { when: { not: isCompany }, then: 'company' },
    email: 'email',
    phone: { first: ['phone', 'billingAddress.phone'] },
    vat: 'vatId',
    ref: 'number',
    active: 'active',
    billing: 'billingAddress',
    deliveries: 'deliveryAddresses',
  },
}

export const accountWriter: Writer<Session, AccountWrite> = {
  schema: accountWrite,
  mapping,
  batch: 20,
  repeat: 'safe',
  write: (session, writes) => writeEach(session, writes, writeAccount),
}

async function writeAccount(session: Session, { key, id, row }: Write<AccountWrite>): Promise<Outcome> {
  const known = id === null ? await idOfKey(session, 'res.partner', key) : needNumber(id, 'Account')
  const [there] = known === null ? [] : await readAccounts(session, [known])
  if (!there && id !== null)
    throw new Problem(
      'refused',
      `Customer ${row.name ? quoted(row.name) : id} is no longer in Odoo. Someone deleted it there.`,
    )
  const values = await valuesOf(session, row)
  const custom = await customValues(session, 'res.partner', row.custom, OURS)
  const target = there?.id ?? (await create(session, key, values))
  const vals = there ? { ...emptied(values), ...custom } : custom
  if (Object.keys(vals).length > 0)
    await call(session, 'res.partner', 'write', { ids: [target], args: { vals } })
  for (const each of row.deliveries ?? []) await addressPartner(session, target, 'delivery', each)
  const [now] = await readAccounts(session, [target])
  return { key, is: 'applied', id: String(target), version: now ? versionOf(now) : null }
}

const OURS = [
  'name',
  'is_company',
  'company_name',
  'email',
  'phone',
  'vat',
  'ref',
  'active',
  'street',
  'street2',
  'zip',
  'city',
  'country_id',
  'state_id',
  'parent_id',
  'child_ids',
  'type',
]

async function create(session: Session, key: string, values: Values): Promise<number> {
  if (values['name'] === undefined)
    throw new Problem('refused', 'A customer needs a name or an e-mail in Odoo.')
  return upsert(session, 'res.partner', key, values)
}

async function valuesOf(session: Session, row: AccountWrite): Promise<Values> {
  const { name, is_company, company_name, email, phone, vat, ref, active } = row
  // The billing address has a name of its own; the partner keeps the account's.
  const { name: _, email: __, phone: ___, company: ____, ...place } = row.billing ?? {}
  return {
    ...(row.billing && (await addressValues(session, place))),
    ...(name !== undefined && { name }),
    ...(is_company !== undefined && { is_company }),
    ...(company_name !== undefined && { company_name }),
    ...(email !== undefined && { email }),
    ...(phone !== undefined && { phone }),
    ...(vat !== undefined && { vat }),
    ...(ref !== undefined && { ref }),
    ...(active !== undefined && { active }),
  }
}

/** `write` takes Odoo's own values, where nothing is `false`. */
function emptied(values: Values): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, value === '' ? false : value]),
  )
}
