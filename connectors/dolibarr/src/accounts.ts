import type { Candidate, Entity } from '@linchpin/connector'
import type { Fields, Mapping, MatchKeys } from '@linchpin/mapping'
import { z } from 'zod'
import { accountWriter, type AccountWrite } from './account-writer.ts'
import { addressFields, addressShape, contactsOf, withName, withStreet } from './addresses.ts'
import { changesOf } from './changes.ts'
import type { Row } from './client.ts'
import { arrayOptions, figure, idOf, oneByOne, rowsOf, rowsSaying, snapshotOf, text, textIn } from './rows.ts'
import { pageUrl, type Session } from './session.ts'

export const thirdPartyRow = z.looseObject({
  id: figure,
  name: z.string(),
  name_alias: text,
  code_client: text,
  ref_ext: text,
  client: figure.optional(),
  status: figure.optional(),
  /** 8 is a private individual in the list of kinds that Dolibarr comes with. */
  typent_id: figure.optional(),
  tva_intra: text,
  price_level: figure.optional(),
  default_lang: text,
  date_modification: figure.optional(),
  array_options: arrayOptions,
  ...addressShape,
})
const contactRow = z.looseObject({ id: figure, name: z.string(), ...addressShape })
const accountRow = z.looseObject({
  ...thirdPartyRow.shape,
  /** Its contacts, which are also its further addresses. */
  contacts: z.array(contactRow),
})
export type AccountRow = z.infer<typeof accountRow>

/** Fields of a canonical account, read from the third party at `path` ('' for the row itself). */
export function accountFields(path: string): Fields {
  const at = (name: string) => (path === '' ? name : `${path}.${name}`)
  const isPerson = {
    any: [
      { is: [at('typent_id'), { constant: '8' }] },
      { not: { any: [{ has: at('tva_intra') }, { in: [at('typent_id'), KINDS_OF_COMPANIES] }] } },
    ],
  } as const
  return {
    id: { format: 'text', of: at('id') },
    number: at('code_client'),
    kind: { when: isPerson, then: { constant: 'person' }, else: { constant: 'company' } },
    name: { first: [at('name'), { format: 'text', of: at('id') }] },
    company: { when: isPerson, then: at('name_alias'), else: at('name') },
    email: at('email'),
    phone: at('phone'),
    vatId: at('tva_intra'),
    language: at('default_lang'),
    priceList: {
      when: { has: at('price_level') },
      then: { format: 'text', of: at('price_level') },
    },
    billingAddress: { object: addressFields(path) },
  }
}
const KINDS_OF_COMPANIES = ['1', '2', '3', '4', '5', '100']

const mapping: Mapping = {
  from: 'dolibarr.Account',
  to: 'Account',
  fields: {
    ...accountFields(''),
    deliveryAddresses: { each: 'contacts', where: { has: 'street' }, as: addressFields('') },
    contacts: {
      each: 'contacts',
      as: {
        id: { format: 'text', of: 'id' },
        name: { first: ['name', 'email', { format: 'text', of: 'id' }] },
        email: 'email',
        phone: 'phone',
      },
    },
    active: {
      when: { is: ['status', { constant: '0' }] },
      then: { constant: false },
      else: { constant: true },
    },
    modifiedAt: {
      when: { has: 'date_modification' },
      then: { format: 'instant', of: 'date_modification' },
    },
  },
}

/** 1 customer, 2 prospect, 3 both; suppliers alone are none of ours. */
const CUSTOMERS = '(t.client:in:1,2,3)'

export const accounts: Entity<Session, 'Account', AccountRow, AccountWrite> = {
  schema: accountRow,
  mapping,
  changes: (session, after, limit) =>
    changesOf<AccountRow>(
      session,
      [
        { path: '/thirdparties', where: CUSTOMERS },
        { path: '/contacts', of: async (_, rows) => rows.flatMap(row => textIn(row['socid']) || []) },
      ],
      { after, limit, get: getAccounts },
    ),
  get: getAccounts,
  match: (session, keys) => oneByOne(keys, key => candidates(session, key)),
  url: (session, id) => pageUrl(session, `/societe/card.php?socid=${id}`),
  writer: accountWriter(getAccounts),
}

async function getAccounts(session: Session, ids: readonly string[]) {
  const parties = (await readThirdParties(session, ids)).filter(row => textIn(row['client']) !== '0')
  const contacts = await contactsOf(session, parties.map(idOf))
  return parties.map(row => {
    const own = contacts.filter(each => textIn(each['socid']) === idOf(row)).map(withName)
    return snapshotOf({ ...row, contacts: own } as unknown as AccountRow)
  })
}

export async function readThirdParties(session: Session, ids: readonly string[]): Promise<readonly Row[]> {
  return (await rowsOf(session, '/thirdparties', ids)).map(withStreet)
}

async function candidates(session: Session, { vatId, email, number }: MatchKeys): Promise<Candidate[]> {
  const found = [
    ...(await partiesSaying(session, 'tva_intra', vatId, plainVat, 'VAT number')),
    ...(await partiesSaying(session, 'email', email, plainEmail, 'e-mail')),
    ...(await partiesSaying(session, 'code_client', number, plainText, 'customer code')),
  ]
  return found.filter((each, index) => found.findIndex(other => other.id === each.id) === index)
}

async function partiesSaying(
  session: Session,
  field: string,
  wanted: string | undefined,
  plain: (value: string) => string,
  what: string,
): Promise<Candidate[]> {
  const forms = [...new Set([wanted ?? '', plain(wanted ?? '')])].filter(form => form !== '')
  const rows: Row[] = []
  for (const form of forms)
    rows.push(
      ...(await rowsSaying(
        session,
        '/thirdparties',
        field,
        form,
        row => plain(textIn(row[field])) === plain(form) && textIn(row['client']) !== '0',
      )),
    )
  return rows.map(row => ({ id: idOf(row), by: `${what} ${wanted}` }))
}

const plainVat = (vat: string) => vat.replace(/[\s.-]/g, '').toUpperCase()
const plainEmail = (email: string) => email.trim().toLowerCase()
const plainText = (value: string) => value
