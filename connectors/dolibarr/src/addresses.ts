import type { Fields } from '@linchpin/mapping'
import type { Address } from '@linchpin/model'
import { create } from './outcomes.ts'
import { countryId, stateId } from './lookups.ts'
import type { Row } from './client.ts'
import { idOf, text, textIn } from './rows.ts'
import type { Session } from './session.ts'

export const addressShape = {
  address: text,
  /** `address` cut at its first line break: all of it is one field in Dolibarr. */
  street: text,
  street2: text,
  zip: text,
  town: text,
  country_code: text,
  state: text,
  email: text,
  phone: text,
}

/** Fields of a canonical address, read from the third party or contact at `path` ('' for the row itself). */
export function addressFields(path: string): Fields {
  const at = (name: string) => (path === '' ? name : `${path}.${name}`)
  return {
    id: { format: 'text', of: at('id') },
    name: at('name'),
    streetName: at('street'),
    additionalStreetName: at('street2'),
    postalZone: at('zip'),
    cityName: at('town'),
    countrySubentity: at('state'),
    country: at('country_code'),
    email: at('email'),
    phone: at('phone'),
  }
}

export function withStreet(row: Row): Row {
  const [street = '', ...more] = textIn(row['address']).split(/\r?\n/)
  const street2 = more.join(', ').trim()
  return { ...row, ...(street !== '' && { street }), ...(street2 !== '' && { street2 }) }
}

/** A contact's own name, as one text. */
export function withName(row: Row): Row {
  const name = [textIn(row['firstname']), textIn(row['lastname'])].filter(part => part !== '').join(' ')
  const phone = textIn(row['phone_pro']) || textIn(row['phone_mobile'])
  return { ...withStreet(row), name, ...(phone !== '' && { phone }) }
}

/** Dolibarr's fields of a place, without the names, the e-mail and the phone, which differ by what has it. */
export async function placeValues(session: Session, place: Address): Promise<Record<string, unknown>> {
  const { streetName, additionalStreetName, postalZone, cityName, country, countrySubentity } = place
  const country_id = country === undefined ? undefined : await countryId(session, country)
  const state =
    country_id === undefined || countrySubentity === undefined
      ? null
      : await stateId(session, country_id, countrySubentity)
  const address = [streetName, additionalStreetName].filter(line => line !== undefined && line !== '')
  return {
    ...(address.length > 0 && { address: address.join('\n') }),
    ...(postalZone !== undefined && { zip: postalZone }),
    ...(cityName !== undefined && { town: cityName }),
    ...(country_id !== undefined && { country_id }),
    ...(state !== null && { state_id: state }),
  }
}

/** The contact of this third party that says exactly this, made when there is none: that is its only key. */
export async function addressContact(session: Session, socid: number, place: Address): Promise<string> {
  const { name, company, email, phone } = place
  const { given, family } = namesIn(name ?? company ?? 'Delivery')
  const wanted = {
    ...(await placeValues(session, place)),
    ...(given !== '' && { firstname: given }),
    lastname: family,
    ...(email !== undefined && { email }),
    ...(phone !== undefined && { phone_pro: phone }),
  }
  const there = await contactsOf(session, [String(socid)])
  const same = there.find(row =>
    Object.entries(wanted).every(([field, value]) => textIn(row[field]) === textIn(value)),
  )
  return same ? idOf(same) : create(session, '/contacts', { socid, ...wanted })
}

function namesIn(name: string): { given: string; family: string } {
  const parts = name.trim().split(/\s+/)
  return { given: parts.slice(0, -1).join(' '), family: parts.at(-1) ?? name }
}

/** All contacts of these third parties, oldest first. */
export async function contactsOf(session: Session, socids: readonly string[]): Promise<readonly Row[]> {
  if (socids.length === 0) return []
  const found: Row[] = []
  for (let page = 0; ; page += 1) {
    const rows = await session.client.list('/contacts', {
      sortfield: 't.rowid',
      sortorder: 'ASC',
      limit: 100,
      page,
      thirdparty_ids: socids.join(','),
    })
    found.push(...rows)
    if (rows.length < 100) return found
  }
}
