import { Problem, shotNow, writeEach, type Outcome, type Snapshot, type Write } from '@linchpin/connector'
import type { Mapping } from '@linchpin/mapping'
import { z } from 'zod'
import { addressesToLocations } from './addresses.ts'
import { need, call, type Session } from './client.ts'
import { addressRow, addressWrite } from './fields.ts'
import { external, isOwnId, shortKey } from './identifiers.ts'

export const accountWriteRow = z.looseObject({
  name: z.string().optional(),
  companyName: z.string().optional(),
  firstName: z.string().optional(),
  lastName: z.string().optional(),
  email: z.string().optional(),
  phone: z.string().optional(),
  vatId: z.string().optional(),
  language: z.string().optional(),
  active: z.boolean().optional(),
  billAddress: addressRow.optional(),
  addresses: z.array(addressRow).optional(),
  /** Further fields of JsonRequestBPartner, such as `group` or `priceListId`: for an operator's own mapping. */
  bpartner: z.looseObject({}).optional(),
})
export type AccountWriteRow = z.infer<typeof accountWriteRow>

export const accountWriteMapping: Mapping = {
  from: 'Account',
  to: 'metasfresh.Account',
  fields: {
    name: { first: ['company', 'name', 'email'] },
    companyName: 'company',
    firstName: 'givenName',
    lastName: 'familyName',
    email: 'email',
    phone: 'phone',
    vatId: 'vatId',
    language: 'language',
    active: 'active',
    billAddress: addressWrite('billingAddress'),
    addresses: {
      each: 'deliveryAddresses',
      as: {
        name: { first: ['company', 'name'] },
        address1: 'streetName',
        address2: 'additionalStreetName',
        postal: 'postalZone',
        city: 'cityName',
        region: 'countrySubentity',
        countryCode: 'country',
        phone: 'phone',
        email: 'email',
      },
    },
  },
}

type Get = (session: Session, ids: readonly string[]) => Promise<readonly Snapshot<unknown>[]>

/** An upsert by our external reference: repeating it makes no second partner. */
export function writeAccounts(
  session: Session,
  writes: readonly Write<AccountWriteRow>[],
  get: Get,
): Promise<readonly Outcome[]> {
  return writeEach(writes, session.io.signal, async ({ key, id, row }) => {
    const reference = shortKey(key)
    if (id === null && !row.name?.trim())
      throw new Problem(
        'refused',
        `Customer ${reference} has neither a name nor an e-mail address, without which metasfresh keeps nobody.`,
      )
    if (id !== null && !isOwnId(id))
      throw new Problem(
        'refused',
        `Customer ${reference} is linked to "${id}", which is no id of metasfresh.`,
      )
    const identifier = id ?? external(session.settings, reference)
    const outcome = await send(session, { reference, identifier, isNew: id === null, row })
    const version = (await shotNow(session, outcome, get))?.version ?? null
    return { key, is: 'applied', id: outcome, version, number: reference }
  })
}

interface Upsert {
  readonly reference: string
  readonly identifier: string
  readonly isNew: boolean
  readonly row: AccountWriteRow
}

async function send(session: Session, { reference, identifier, isNew, row }: Upsert): Promise<string> {
  const { org } = session.settings
  const body = {
    requestItems: [
      { bpartnerIdentifier: identifier, bpartnerComposite: compositeOf(session, reference, isNew, row) },
    ],
    // Left out, this means FAIL and DONT_UPDATE: a write that "succeeds" and changes nothing.
    syncAdvise: { ifNotExists: isNew ? 'CREATE' : 'FAIL', ifExists: 'UPDATE_MERGE' },
  }
  const path = `/bpartner/${encodeURIComponent(org)}`
  const answer = isNew
    ? await need(session, path, UPSERTED, { method: 'PUT', body })
    : await call(session, path, UPSERTED, { method: 'PUT', body })
  const item = answer?.responseItems[0]?.responseBPartnerItem
  if (item?.metasfreshId != null) return String(item.metasfreshId)
  throw new Problem('refused', `metasfresh has no business partner ${identifier} any more (${reference}).`)
}

function compositeOf(session: Session, reference: string, isNew: boolean, row: AccountWriteRow) {
  const { name, companyName, phone, vatId, language, active } = row
  const person = { firstName: row.firstName, lastName: row.lastName, email: row.email, phone: row.phone }
  const isPerson = [row.firstName, row.lastName, row.email].some(each => each !== undefined)
  const contact = { name: name ?? reference, ...defined(person) }
  const addresses = [...(row.billAddress ? [row.billAddress] : []), ...(row.addresses ?? [])]
  return {
    bpartner: {
      ...defined({ name, companyName, phone, vatId, language, active }),
      ...(isNew ? { customer: true } : {}),
      ...row.bpartner,
    },
    // Addresses that are already on documents are never changed: a new one is put beside them.
    ...(addresses.length === 0
      ? {}
      : { locations: { requestItems: addressesToLocations(session.settings, reference, addresses) } }),
    ...(isPerson
      ? {
          contacts: {
            requestItems: [{ contactIdentifier: external(session.settings, reference), contact }],
          },
        }
      : {}),
  }
}

/** Null would empty a field; what is left out stays. */
const defined = (fields: Readonly<Record<string, unknown>>) =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined))

/** What an upsert says of each business partner. */
const UPSERTED = z.looseObject({
  responseItems: z.array(
    z.looseObject({
      responseBPartnerItem: z.looseObject({ metasfreshId: z.int().nullish(), syncOutcome: z.string() }),
    }),
  ),
})
