import { Problem, shotNow, writeEach, type Outcome, type Snapshot, type Write } from '@linchpin/connector'
import type { Mapping } from '@linchpin/mapping'
import { z } from 'zod'
import { addressId, addressRow, addressValues, addressWrite } from './addresses.ts'
import { ownFields, ownValues } from './own-fields.ts'
import { creating, shortKey } from './outcomes.ts'
import { ids, numbers, searchRead, type Session } from './session.ts'

export const accountWriteRow = z.looseObject({
  name: z.string().optional(),
  email: z.string().optional(),
  phone: z.string().optional(),
  eu_vat: z.string().optional(),
  active: z.boolean().optional(),
  invoice_address: addressRow.optional(),
  addresses: z.array(addressRow).optional(),
  fields: ownFields,
})
export type AccountWriteRow = z.infer<typeof accountWriteRow>

export const accountWriteMapping: Mapping = {
  from: 'Account',
  to: 'tryton.Account',
  fields: {
    name: { first: ['company', 'name', 'email'] },
    email: 'email',
    phone: 'phone',
    eu_vat: 'vatId',
    active: 'active',
    invoice_address: addressWrite('billingAddress'),
    addresses: {
      each: 'deliveryAddresses',
      as: {
        party_name: 'name',
        company: 'company',
        street: { template: '{streetName}\n{additionalStreetName}' },
        postal_code: 'postalZone',
        city: 'cityName',
        country: 'country',
        subdivision: 'countrySubentity',
      },
    },
  },
}

type Get = (session: Session, ids: readonly string[]) => Promise<readonly Snapshot<unknown>[]>

export function writeAccounts(
  session: Session,
  writes: readonly Write<AccountWriteRow>[],
  get: Get,
): Promise<readonly Outcome[]> {
  return writeEach(writes, session.io.signal, async ({ key, id, row }) => {
    const there = id ?? (await byCode(session, shortKey(key)))
    const outcome =
      there === null ? await create(session, key, row) : { id: await update(session, there, row) }
    if ('is' in outcome) return outcome
    return {
      key,
      is: 'applied',
      id: outcome.id,
      version: (await shotNow(session, outcome.id, get))?.version ?? null,
      number: shortKey(key),
    }
  })
}

async function create(session: Session, key: string, row: AccountWriteRow) {
  if (row.name === undefined || row.name.trim() === '')
    throw new Problem(
      'refused',
      `Customer ${shortKey(key)} has neither a name nor an e-mail address, without which Tryton keeps nobody.`,
    )
  const { invoice_address, addresses = [] } = row
  const values = []
  for (const address of [...(invoice_address ? [invoice_address] : []), ...addresses])
    values.push(await addressValues(session, address))
  const distinct = [...new Map(values.map(each => [JSON.stringify(each), each])).values()]
  const party = {
    code: shortKey(key),
    name: row.name,
    ...(row.active === undefined ? {} : { active: row.active }),
    addresses: distinct.length > 0 ? [['create', distinct]] : [],
    contact_mechanisms: [['create', mechanisms(row)]],
    identifiers: row.eu_vat === undefined ? [] : [['create', [identifier(row.eu_vat)]]],
    ...(await fieldsOf(session, row)),
  }
  return creating(
    key,
    session.client.call(ids.min(1), 'model.party.party.create', [[party]]).then(([id = 0]) => id),
  ).catch(async (error: unknown) => {
    // Another attempt was faster: the unique code refused ours.
    const there =
      error instanceof Problem && error.kind === 'refused' ? await byCode(session, shortKey(key)) : null
    if (there === null) throw error
    return { id: await update(session, there, row) }
  })
}

async function update(session: Session, id: string, row: AccountWriteRow): Promise<string> {
  const [party] = await searchRead(session, 'party.party', PARTIES, {
    where: [['id', 'in', numbers([id])]],
    fields: ['contact_mechanisms.type', 'contact_mechanisms.value', 'identifiers.type', 'identifiers.code'],
  })
  if (!party) throw new Problem('refused', `Tryton has no party with the id ${id} any more.`)
  const news = mechanisms(row).filter(
    each => !party.contact_mechanisms.some(old => old.type === each.type && same(old.value, each.value)),
  )
  const vat = row.eu_vat === undefined ? null : identifier(row.eu_vat)
  const knownVat = vat === null || party.identifiers.some(old => old.type !== null && old.code === vat.code)
  const values = {
    ...(row.name === undefined ? {} : { name: row.name }),
    ...(row.active === undefined ? {} : { active: row.active }),
    ...(news.length === 0 ? {} : { contact_mechanisms: [['create', news]] }),
    ...(knownVat ? {} : { identifiers: [['create', [vat]]] }),
    ...(await fieldsOf(session, row)),
  }
  if (Object.keys(values).length > 0)
    await session.client.call(z.unknown(), 'model.party.party.write', [[party.id], values])
  // Addresses that are already on documents are never changed: a new one is put beside them.
  for (const address of [row.invoice_address, ...(row.addresses ?? [])])
    if (address) await addressId(session, party.id, address)
  return id
}

const OURS = ['code', 'name', 'active', 'addresses', 'contact_mechanisms', 'identifiers']
const fieldsOf = async (session: Session, row: AccountWriteRow) =>
  (await ownValues(session, row.fields, ['party.party'], OURS))['party.party']

async function byCode(session: Session, code: string): Promise<string | null> {
  const [party] = await searchRead(session, 'party.party', FOUND, {
    where: [['code', '=', code]],
    fields: ['id'],
  })
  return party ? String(party.id) : null
}

const mechanisms = ({ email, phone }: AccountWriteRow) => [
  ...(email === undefined || email === '' ? [] : [{ type: 'email', value: email }]),
  ...(phone === undefined || phone === '' ? [] : [{ type: 'phone', value: phone }]),
]

/** Two capitals in front make it a European number, which Tryton checks; any other it keeps as it is. */
const identifier = (vat: string) => ({
  type: /^[A-Z]{2}/.test(compactVat(vat)) ? 'eu_vat' : null,
  code: compactVat(vat),
})

/** As Tryton stores it (python-stdnum): without spaces, dots and dashes, in capitals. */
export const compactVat = (text: string) => text.replace(/[\s.\-/]/g, '').toUpperCase()

const same = (left: string | null, right: string) => (left ?? '').toLowerCase() === right.toLowerCase()

const FOUND = z.array(z.looseObject({ id: z.int() }))
const PARTIES = z.array(
  z.looseObject({
    id: z.int(),
    contact_mechanisms: z.array(z.looseObject({ type: z.string(), value: z.string().nullable() })),
    identifiers: z.array(z.looseObject({ type: z.string().nullable(), code: z.string() })),
  }),
)
