import { inTurn, type Candidate, type Entity, type Page } from '@linchpin/connector'
import type { Mapping, MatchKeys } from '@linchpin/mapping'
import { sameEmail, tidyEmail } from '@linchpin/model'
import { accountRow, listCustomers, type AccountRow } from './account-row.ts'
import { accountWriter, type AccountWrite } from './account-writer.ts'
import { snapshotOf, sweepListing } from './listing.ts'
import { dashboardUrl } from './pages.ts'
import type { Session } from './session.ts'

const postal = (at: string) => ({
  id: `${at}id`,
  name: `${at}fullName`,
  company: `${at}company`,
  streetName: `${at}streetLine1`,
  additionalStreetName: `${at}streetLine2`,
  cityName: `${at}city`,
  postalZone: `${at}postalCode`,
  countrySubentity: `${at}province`,
  country: `${at}country.code`,
  phone: `${at}phoneNumber`,
})

const billing = 'addresses[defaultBillingAddress=true]'

const accountMapping: Mapping = {
  from: 'vendure.Account',
  to: 'Account',
  fields: {
    id: 'id',
    kind: {
      when: { has: `${billing}.company` },
      then: { constant: 'company' },
      else: { constant: 'person' },
    },
    name: {
      first: [
        `${billing}.company`,
        { format: 'trim', of: { template: '{firstName} {lastName}' } },
        'emailAddress',
      ],
    },
    givenName: 'firstName',
    familyName: 'lastName',
    company: `${billing}.company`,
    email: 'emailAddress',
    phone: { first: ['phoneNumber', `${billing}.phoneNumber`] },
    vatId: 'vatId',
    billingAddress: { when: { has: `${billing}.id` }, then: { object: postal(`${billing}.`) } },
    deliveryAddresses: { each: 'addresses', as: postal('') },
    groups: { each: 'groups', as: { value: 'name' } },
    modifiedAt: { format: 'instant', of: 'updatedAt' },
    'extra.customFields': 'customFields',
  },
}

export const account: Entity<Session, 'Account', AccountRow, AccountWrite> = {
  schema: accountRow,
  mapping: accountMapping,
  changes: changesOfAccounts,
  get: async (session, ids) =>
    ids.length === 0
      ? []
      : (await listCustomers(session, { filter: { id: { in: ids } }, take: ids.length })).map(snapshotOf),
  match: (session, keys) => inTurn(keys, each => matchOne(session, each)),
  url: ({ settings }, id) => dashboardUrl(settings.url, `customers/${encodeURIComponent(id)}`),
  writer: accountWriter,
}

/** Registered customers: those without a user bought as guests and exist for us inside their orders only. */
async function changesOfAccounts(
  session: Session,
  after: string | null,
  limit: number,
): Promise<Page<AccountRow>> {
  const sort = { updatedAt: 'ASC', id: 'ASC' }
  const page = await sweepListing<AccountRow>(
    session,
    { stamp: 'updatedAt', read: (filter, take) => listCustomers(session, { filter, sort, take }) },
    after,
    limit,
  )
  return { ...page, items: page.items.filter(item => !('row' in item) || item.row.user !== null) }
}

async function matchOne(session: Session, { email, vatId }: MatchKeys): Promise<readonly Candidate[]> {
  const found: Candidate[] = []
  if (email) {
    const filter = { emailAddress: { eq: tidyEmail(email) } }
    for (const row of await listCustomers(session, { filter, take: 10 }))
      if (sameEmail(row.emailAddress, email)) found.push({ id: row.id, by: `e-mail ${row.emailAddress}` })
  }
  const field = session.settings.customFields.vatId
  if (vatId && (await session.facts()).customFields('Customer').includes(field))
    for (const row of await listCustomers(session, { filter: { [field]: { eq: vatId } }, take: 10 }))
      if (row.vatId === vatId) found.push({ id: row.id, by: `VAT number ${vatId}` })
  return found
}
