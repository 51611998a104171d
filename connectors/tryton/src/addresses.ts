import { Problem } from '@linchpin/connector'
import { z } from 'zod'
import { countryId } from './lookups.ts'
import { ids, searchRead, type Session } from './session.ts'

/** An address as our write rows carry it: Tryton's names, but the country and subdivision by what people call them. */
export const addressRow = z.looseObject({
  party_name: z.string().optional(),
  company: z.string().optional(),
  street: z.string().optional(),
  postal_code: z.string().optional(),
  city: z.string().optional(),
  country: z.string().optional(),
  subdivision: z.string().optional(),
})
export type AddressRow = z.infer<typeof addressRow>

export const addressWrite = (path: string) =>
  ({
    when: { has: path },
    then: {
      object: {
        party_name: `${path}.name`,
        company: `${path}.company`,
        street: { template: `{${path}.streetName}\n{${path}.additionalStreetName}` },
        postal_code: `${path}.postalZone`,
        city: `${path}.cityName`,
        country: `${path}.country`,
        subdivision: `${path}.countrySubentity`,
      },
    },
  }) as const

/** The id of this address at the party: the one that reads the same, else a new one. */
export async function addressId(session: Session, party: number, row: AddressRow): Promise<number> {
  const wanted = await addressValues(session, row)
  const where = [
    ['party', '=', party],
    ['active', '=', true],
  ]
  const there = await searchRead(session, 'party.address', ADDRESSES, { where, fields: Object.keys(wanted) })
  const same = there.find(each => Object.entries(wanted).every(([name, value]) => alike(each[name], value)))
  if (same) return same.id
  const [made] = await session.client.ask(ids, 'model.party.address.create', [[{ party, ...wanted }]])
  if (made === undefined) throw new Problem('surprise', 'Tryton made an address and did not say which.')
  return made
}

export async function addressValues(session: Session, row: AddressRow) {
  const names = [row.company, row.party_name].filter(name => name !== undefined && name !== '')
  return {
    party_name: [...new Set(names)].join(', ') || null,
    street: row.street?.trim() || null,
    postal_code: row.postal_code?.trim() || null,
    city: row.city?.trim() || null,
    country: row.country ? await countryId(session, row.country) : null,
    subdivision:
      row.country && row.subdivision ? await subdivisionId(session, row.country, row.subdivision) : null,
  }
}

/** By name or code. One that Tryton does not know is left out: parcels arrive without it. */
async function subdivisionId(session: Session, country: string, text: string): Promise<number | null> {
  const codes = [text, `${country}-${text}`]
  const where = [
    ['country.code', '=', country],
    ['OR', ['name', '=', text], ['code', 'in', codes]],
  ]
  const [found] = await searchRead(session, 'country.subdivision', ADDRESSES, {
    where,
    fields: ['name'],
    limit: 1,
  })
  return found?.id ?? null
}

const alike = (left: unknown, right: unknown) => (left ?? '') === (right ?? '')
const ADDRESSES = z.array(z.looseObject({ id: z.int() }))
