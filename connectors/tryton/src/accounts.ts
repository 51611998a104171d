import type { Candidate, Entity, Snapshot } from '@linchpin/connector'
import type { MatchKeys } from '@linchpin/mapping'
import { contentHash } from '@linchpin/model'
import { z } from 'zod'
import {
  accountWriteMapping,
  accountWriteRow,
  compactVat,
  writeAccounts,
  type AccountWriteRow,
} from './account-writer.ts'
import { changesOf } from './changes.ts'
import { address, addressFields, addressIn, addressObject, idText, named } from './fields.ts'
import { numbers, searchRead, type Session } from './session.ts'

/** A party with its addresses, e-mails, phones and tax numbers. */
const partyRow = z.looseObject({
  id: z.int(),
  code: z.string(),
  name: z.string(),
  active: z.boolean(),
  email: z.string().nullable(),
  phone: z.string().nullable(),
  mobile: z.string().nullable(),
  tax_identifier: z.looseObject({ code: z.string() }).nullable(),
  lang: z.looseObject({ code: z.string() }).nullable(),
  write_date: z.string().nullable(),
  create_date: z.string(),
  addresses: z.array(address),
  /** The first address, which Tryton takes for invoices unless another is marked for it. */
  invoice_address: address.nullable(),
  customer_payment_term: named.nullable(),
  sale_price_list: z.int().nullable(),
  categories: z.array(named),
  identifiers: z.array(z.looseObject({ id: z.int(), type: z.string().nullable(), code: z.string() })),
  contact_mechanisms: z.array(z.looseObject({ id: z.int(), type: z.string(), value: z.string().nullable() })),
})
type PartyRow = z.infer<typeof partyRow>

const FIELDS = [
  ...'code name active email phone mobile tax_identifier.code lang.code write_date create_date'.split(' '),
  ...addressFields('addresses'),
  ...'addresses.invoice addresses.delivery identifiers.type identifiers.code'.split(' '),
  ...'contact_mechanisms.type contact_mechanisms.value customer_payment_term.name sale_price_list categories.name'.split(
    ' ',
  ),
]

async function getParties(
  session: Session,
  texts: readonly string[],
): Promise<readonly Snapshot<PartyRow>[]> {
  const wanted = numbers(texts)
  if (wanted.length === 0) return []
  const fields = [...FIELDS, ...(session.settings.fields.Account ?? [])]
  const found = await searchRead(session, 'party.party', RAW, { where: [['id', 'in', wanted]], fields })
  return found.map(raw => {
    const billing = raw.addresses.find(address => address.invoice) ?? raw.addresses[0] ?? null
    const row = partyRow.parse({ ...raw, invoice_address: billing })
    return { id: String(row.id), version: contentHash(row), row }
  })
}

async function matchParties(
  session: Session,
  keys: readonly MatchKeys[],
): Promise<readonly (readonly Candidate[])[]> {
  const vats = keys.flatMap(key => (key.vatId === undefined ? [] : [compactVat(key.vatId)]))
  const mails = keys.flatMap(key => key.email ?? [])
  const codes = keys.flatMap(key => key.number ?? [])
  const ways = [
    ...(codes.length > 0 ? [['code', 'in', codes]] : []),
    ...(vats.length > 0
      ? [
          [
            'identifiers',
            'where',
            [
              ['type', '!=', null],
              ['code', 'in', vats],
            ],
          ],
        ]
      : []),
    ...mails.map(mail => [
      'contact_mechanisms',
      'where',
      [
        ['type', '=', 'email'],
        ['value', 'ilike', escapeLike(mail)],
      ],
    ]),
  ]
  if (ways.length === 0) return keys.map(() => [])
  const fields = [
    'code',
    'identifiers.type',
    'identifiers.code',
    'contact_mechanisms.type',
    'contact_mechanisms.value',
  ]
  const where = [
    ['active', '=', true],
    ['replaced_by', '=', null],
    ['OR', ...ways],
  ]
  const found = await searchRead(session, 'party.party', MATCHES, { where, fields })
  return keys.map(key => found.flatMap(party => candidate(party, key)))
}

/** By the surest key: a tax number before an e-mail address, whose capitals do not count. */
function candidate(party: z.infer<typeof MATCHES>[number], { vatId, email, number }: MatchKeys): Candidate[] {
  const id = String(party.id)
  const vat = vatId === undefined ? null : compactVat(vatId)
  if (vat !== null && party.identifiers.some(each => each.type !== null && each.code === vat))
    return [{ id, by: `VAT number ${vatId}` }]
  const mail = email?.toLowerCase()
  const mails = party.contact_mechanisms
    .filter(each => each.type === 'email')
    .map(each => each.value?.toLowerCase())
  if (mail !== undefined && mails.includes(mail)) return [{ id, by: `e-mail ${email}` }]
  return number !== undefined && party.code === number ? [{ id, by: `number ${number}` }] : []
}

const escapeLike = (text: string) => text.replace(/[\\%_]/g, character => `\\${character}`)

export const accounts: Entity<Session, 'Account', PartyRow, AccountWriteRow> = {
  schema: partyRow,
  mapping: {
    from: 'tryton.Account',
    to: 'Account',
    fields: {
      id: idText('id'),
      number: 'code',
      kind: { when: { has: 'tax_identifier' }, then: { constant: 'company' }, else: { constant: 'person' } },
      name: 'name',
      company: { when: { has: 'tax_identifier' }, then: 'name' },
      email: 'email',
      phone: { first: ['phone', 'mobile'] },
      vatId: 'tax_identifier.code',
      language: 'lang.code',
      billingAddress: addressIn('invoice_address'),
      deliveryAddresses: { each: 'addresses', as: addressObject('') },
      priceList: { when: { has: 'sale_price_list' }, then: idText('sale_price_list') },
      paymentTerms: 'customer_payment_term.name',
      groups: { each: 'categories', as: { value: 'name' } },
      active: 'active',
      modifiedAt: { first: ['write_date', 'create_date'] },
    },
  },
  changes: changesOf({
    sources: [
      { model: 'party.party' },
      { model: 'party.address', target: 'party' },
      { model: 'party.contact_mechanism', target: 'party' },
      { model: 'party.identifier', target: 'party' },
    ],
    get: getParties,
  }),
  get: getParties,
  match: matchParties,
  url: ({ settings }, id) =>
    `${settings.url.replace(/\/*$/, '')}/#${settings.database}/model/party.party/${id}`,
  writer: {
    schema: accountWriteRow,
    mapping: accountWriteMapping,
    batch: 20,
    // A party's code is unique in the database, and ours is made of the key: a second create is refused and found.
    repeat: 'safe',
    write: (session, writes) => writeAccounts(session, writes, getParties),
  },
}

const RAW = z.array(
  z.looseObject({
    id: z.int(),
    addresses: z.array(z.looseObject({ id: z.int(), invoice: z.boolean().nullish() })),
  }),
)
const MATCHES = z.array(
  z.looseObject({
    id: z.int(),
    code: z.string(),
    identifiers: z.array(z.looseObject({ type: z.string().nullable(), code: z.string() })),
    contact_mechanisms: z.array(z.looseObject({ type: z.string(), value: z.string().nullable() })),
  }),
)
