import { inTurn, type Candidate, type Entity } from '@linchpin/connector'
import type { Mapping, MatchKeys } from '@linchpin/mapping'
import { z } from 'zod'
import { accountWriter, type AccountWrite } from './account-writer.ts'
import { changesOf, idOf, idsIn, snapshotOf, type Source } from './changes.ts'
import { numbersOf, searchRead, type Domain, type Row, type Session } from './client.ts'
import {
  accountFields,
  addressFields,
  partnerFields,
  partnerRow,
  readPartners,
  withState,
} from './partners.ts'

const accountRow = z.looseObject({
  ...partnerRow.shape,
  active: z.boolean(),
  write_date: z.string().nullable(),
  /** The whole partners below this one, in place of their ids. */
  child_ids: z.array(partnerRow),
})
type AccountRow = z.infer<typeof accountRow>

const mapping: Mapping = {
  from: 'odoo.Account',
  to: 'Account',
  fields: {
    ...accountFields(''),
    deliveryAddresses: {
      each: 'child_ids',
      where: { is: ['type', { constant: 'delivery' }] },
      as: addressFields(''),
    },
    contacts: {
      each: 'child_ids',
      where: { is: ['type', { constant: 'contact' }] },
      as: {
        id: { format: 'text', of: 'id' },
        name: { first: ['name', 'email'] },
        email: 'email',
        phone: 'phone',
      },
    },
    active: 'active',
    modifiedAt: { format: 'instant', of: 'write_date' },
  },
}

/** Addresses are partners too; they are told with the partner that they belong to. */
const isAccount: Domain = [['type', 'not in', ['delivery', 'invoice', 'other']]]
const sources: readonly Source[] = [
  { model: 'res.partner', domain: isAccount },
  {
    model: 'res.partner',
    domain: [['parent_id', '!=', false]],
    fields: ['parent_id'],
    of: idsIn('parent_id'),
  },
]

export const accounts: Entity<Session, 'Account', AccountRow, AccountWrite> = {
  schema: accountRow,
  mapping,
  changes: (session, after, limit) => changesOf(session, sources, { after, limit, rows: readAccounts }),
  get: async (session, ids) => (await readAccounts(session, numbersOf(ids))).map(snapshotOf),
  match: (session, keys) => inTurn(keys, key => candidates(session, key)),
  url: (session, id) =>
    `${session.settings.url.replace(/\/+$/, '')}/web#id=${id}&model=res.partner&view_type=form`,
  writer: accountWriter,
}

export async function readAccounts(session: Session, ids: readonly number[]): Promise<AccountRow[]> {
  const partners = [...(await readPartners(session, ids)).values()]
  if (partners.length === 0) return []
  const children = await searchRead(session, 'res.partner', {
    domain: [['parent_id', 'in', partners.map(row => row.id)]],
    fields: partnerFields,
    order: 'id',
  })
  return partners.map(row => {
    const child_ids = children.filter(child => idOf(child['parent_id']) === row.id).map(withState)
    return { ...row, child_ids } as unknown as AccountRow
  })
}

/** A VAT number is the company's and is repeated on its contacts; an e-mail may be one of theirs. */
async function candidates(session: Session, { vatId, email }: MatchKeys): Promise<Candidate[]> {
  const byVat = vatId ? await partnersWith(session, 'vat', vatId, plainVat, [['parent_id', '=', false]]) : []
  const byEmail = email ? await partnersWith(session, 'email', email, plainEmail, isAccount) : []
  return [
    ...byVat.map(id => ({ id: String(id), by: `VAT number ${vatId}` })),
    ...byEmail.filter(id => !byVat.includes(id)).map(id => ({ id: String(id), by: `e-mail ${email}` })),
  ]
}

const plainVat = (vat: string) => vat.replace(/[\s.-]/g, '').toUpperCase()
const plainEmail = (email: string) => email.trim().toLowerCase()

async function partnersWith(
  session: Session,
  field: 'vat' | 'email',
  wanted: string,
  plain: (value: string) => string,
  also: Domain,
): Promise<number[]> {
  const forms = [...new Set([wanted, plain(wanted)])].filter(form => form !== '')
  // In =ilike % and _ are wildcards, and an address may well have an underscore.
  const terms = forms.map(form => [field, '=ilike', form.replace(/[\\%_]/g, '\\$&')] as const)
  const either = terms.slice(1).map(() => '|')
  const rows =
    forms.length === 0
      ? []
      : await searchRead(session, 'res.partner', {
          domain: [...also, ...either, ...terms],
          fields: [field],
          limit: 20,
        })
  return rows.filter((row: Row) => plain(String(row[field])) === plain(wanted)).map(row => row.id)
}
