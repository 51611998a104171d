import { inTurn, sweepFrom, type Candidate, type Cursor, type Entity, type Page } from '@linchpin/connector'
import type { MatchKeys } from '@linchpin/mapping'
import { z } from 'zod'
import { accountMapping } from './account-mapping.ts'
import { accountRow, customersInBulk, readCustomers, type AccountRow } from './account-row.ts'
import { customerOfEmail } from './account-search.ts'
import { accountWriter, type AccountWrite } from './account-writer.ts'
import { accountOfLocation, locationOfAccount, readCompanies } from './company-row.ts'
import { snapshotOf, sweepIds } from './listing.ts'
import { loadThenSweep, type Load } from './load.ts'
import { decode } from './nodes.ts'
import { adminPage } from './pages.ts'
import type { Session } from './session.ts'

export const account: Entity<Session, 'Account', AccountRow, AccountWrite> = {
  schema: accountRow,
  mapping: accountMapping,
  changes,
  get: getAccounts,
  match: (session, keys) => inTurn(keys, each => matchOne(session, each)),
  url: ({ settings }, id) => adminPage(settings.url, pageOf(id)),
  writer: accountWriter,
}

async function getAccounts(session: Session, ids: readonly string[]) {
  const locations = session.settings.companies ? ids.flatMap(id => locationOfAccount(id) ?? []) : []
  const rows = [...(await readCustomers(session, ids)), ...(await readCompanies(session, locations))]
  return rows.map(snapshotOf)
}

const load: Load<AccountRow> = {
  list: 'customers',
  query: ({ settings }) => customersInBulk(settings),
  rowOf: async (_, { root, parts }) =>
    decode(
      { type: 'Customer', schema: accountRow },
      { ...root, addressesV2: { nodes: parts('MailingAddress') }, metafields: { nodes: parts('Metafield') } },
    ),
  get: readCustomers,
  sweep: (session, after, limit) => changesOf(session, 'customers', after, limit),
  sweepFrom,
}

const both = z.object({
  customers: z.string().nullable(),
  companies: z.string().nullable(),
  at: z.enum(['customers', 'companies']),
})

/** Customers first and companies after them, each with a cursor of its own, where the shop sells to companies. */
async function changes(session: Session, after: Cursor | null, limit: number): Promise<Page<AccountRow>> {
  const known = both.safeParse(after === null ? null : JSON.parse(after)).data
  if (!session.settings.companies) return loadThenSweep(session, load, known ? known.customers : after, limit)
  // A cursor of before companies were switched on is that of the customers.
  const state = known ?? { customers: after, companies: null, at: 'customers' as const }
  const page =
    state.at === 'customers'
      ? await loadThenSweep(session, load, state.customers, limit)
      : await changesOf(session, 'companyLocations', state.companies, limit)
  const { next, more } = page
  const other = state.at === 'customers' ? ('companies' as const) : ('customers' as const)
  return {
    items: page.items,
    next: JSON.stringify({ ...state, [state.at]: next, at: more ? state.at : other }),
    more: more || other === 'companies',
  }
}

async function changesOf(
  session: Session,
  list: 'customers' | 'companyLocations',
  after: Cursor | null,
  limit: number,
): Promise<Page<AccountRow>> {
  const { items, ...page } = await sweepIds(session, list, after, limit)
  const ids = items.map(({ id }) => (list === 'customers' ? id : accountOfLocation(id)))
  const shots = new Map((await getAccounts(session, ids)).map(shot => [shot.id, shot]))
  return { ...page, items: ids.map(id => shots.get(id) ?? { id, gone: true }) }
}

function pageOf(id: string): string {
  const location = locationOfAccount(id)
  return location === null ? `customers/${encodeURIComponent(id)}` : `company_locations/${location}`
}

/** Shopify keeps e-mail addresses unique. VAT numbers stand in a metafield, which it does not search by value. */
async function matchOne(session: Session, { email }: MatchKeys): Promise<readonly Candidate[]> {
  const id = email ? await customerOfEmail(session, email) : null
  return id === null ? [] : [{ id, by: `e-mail ${email}` }]
}
