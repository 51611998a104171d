import { inTurn, type Candidate, type Entity } from '@linchpin/connector'
import type { Mapping, MatchKeys } from '@linchpin/mapping'
import { sameEmail, tidyEmail } from '@linchpin/model'
import { accountRow, customersLike, isAccount, readCustomers, type AccountRow } from './account-row.ts'
import { accountWriter, type AccountWrite } from './account-writer.ts'
import { snapshotOf, sweepListing } from './listing.ts'
import { adminUrl } from './pages.ts'
import { address, fullName } from './party-mapping.ts'
import type { Session } from './session.ts'

const billing = 'addresses[is_default_billing=true]'
const company = { first: ['company_name', `${billing}.company`] }

const accountMapping: Mapping = {
  from: 'medusa.Account',
  to: 'Account',
  fields: {
    id: 'id',
    kind: { when: { has: company }, then: { constant: 'company' }, else: { constant: 'person' } },
    name: { first: [company, fullName(''), 'email', 'id'] },
    givenName: 'first_name',
    familyName: 'last_name',
    company,
    email: 'email',
    phone: { first: ['phone', `${billing}.phone`] },
    vatId: 'metadata.vat_id',
    billingAddress: {
      when: { has: `${billing}.id` },
      then: { object: { id: `${billing}.id`, ...address(`${billing}.`) } },
    },
    deliveryAddresses: { each: 'addresses', as: { id: 'id', ...address('') } },
    groups: { each: 'groups', as: { value: 'name' } },
    modifiedAt: { format: 'instant', of: 'updated_at' },
    'extra.metadata': 'metadata',
  },
}

/** Customers who registered, or whom somebody made in the admin. */
export const account: Entity<Session, 'Account', AccountRow, AccountWrite> = {
  schema: accountRow,
  mapping: accountMapping,
  changes: (session, after, limit) =>
    sweepListing(session, { path: '/customers', name: 'customers', read: readCustomers }, after, limit),
  get: async (session, ids) => (await readCustomers(session, ids)).map(snapshotOf),
  match: (session, keys) => inTurn(keys, each => matchOne(session, each)),
  url: (session, id) => adminUrl(session, `customers/${encodeURIComponent(id)}`),
  writer: accountWriter,
}

async function matchOne(session: Session, { email }: MatchKeys): Promise<readonly Candidate[]> {
  if (!email) return []
  const found = await customersLike(session, tidyEmail(email))
  return found
    .filter(row => isAccount(row) && sameEmail(row.email ?? '', email))
    .map(row => ({ id: row.id, by: `e-mail ${row.email}` }))
}
