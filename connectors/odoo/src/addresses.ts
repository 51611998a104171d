import { findOrMake } from '@linchpin/connector'
import { contentHash, type Address } from '@linchpin/model'
import { searchRead, type Row, type Session } from './client.ts'
import { textOf } from './decode.ts'
import { countryId, stateId } from './lookups.ts'
import { partnerFields, withState } from './partners.ts'
import { upsert, type Values } from './writing.ts'

/** An address at the partner: the partner itself when it is its own, else a child, found by content or made. */
export async function addressPartner(
  session: Session,
  partner: number,
  type: 'delivery' | 'invoice',
  address: Address | undefined,
): Promise<number> {
  if (!address || isEmpty(address)) return partner
  const wanted = fingerprint(fromCanonical(address))
  let named = address
  const find = async () => {
    const rows = await searchRead(session, 'res.partner', {
      domain: ['|', ['id', '=', partner], '&', ['parent_id', '=', partner], ['type', '=', type]],
      fields: partnerFields,
      order: 'id',
    })
    const own = rows.find(row => row.id === partner)
    named = { ...address, name: address.name ?? textOf(own?.['name']) }
    const marks = [wanted, fingerprint(fromCanonical(named))]
    return rows.find(row => marks.includes(fingerprint(fromRow(row))))?.id ?? null
  }
  // The content is the key: the same address asked for twice at once is still one child.
  const key = `address/${partner}/${type}/${wanted}`
  return findOrMake(find, async () =>
    upsert(session, 'res.partner', key, {
      parent_id: partner,
      type,
      ...(await addressValues(session, named)),
    }),
  )
}

/** The fields of res.partner that an address fills; a field that it lacks is emptied. */
export async function addressValues(session: Session, address: Address): Promise<Values> {
  const country = address.country === undefined ? undefined : await countryId(session, address.country)
  const state =
    country !== undefined && address.countrySubentity !== undefined
      ? await stateId(session, country, address.countrySubentity)
      : null
  return {
    ...(address.name !== undefined && { name: address.name }),
    ...(address.company !== undefined &&
      address.company !== address.name && { company_name: address.company }),
    street: address.streetName ?? '',
    street2: address.additionalStreetName ?? '',
    zip: address.postalZone ?? '',
    city: address.cityName ?? '',
    ...(country !== undefined && { country_id: country }),
    ...(state !== null && { state_id: state }),
    ...(address.email !== undefined && { email: address.email }),
    ...(address.phone !== undefined && { phone: address.phone }),
  }
}

/** What a parcel service reads. E-mail and phone may differ without the place being another. */
interface Place {
  readonly name: unknown
  readonly street: unknown
  readonly street2: unknown
  readonly zip: unknown
  readonly city: unknown
  readonly country: unknown
}

function fromCanonical(address: Address): Place {
  return {
    name: address.name,
    street: address.streetName,
    street2: address.additionalStreetName,
    zip: address.postalZone,
    city: address.cityName,
    country: address.country,
  }
}

function fromRow(row: Row): Place {
  const { name, street, street2, zip, city, country_code: country } = withState(row)
  return { name, street, street2, zip, city, country }
}

function fingerprint(place: Place): string {
  const plain = Object.entries(place).map(([field, value]) => [field, plainText(value)])
  return contentHash(Object.fromEntries(plain))
}

function plainText(value: unknown): string {
  return textOf(value).trim().replace(/\s+/g, ' ').toLowerCase()
}

function isEmpty(address: Address): boolean {
  return Object.values(fromCanonical(address)).every(value => value === undefined || value === '')
}
