import { inTurn, sweepFrom, type Candidate, type Cursor, type Entity, type Page } from '@linchpin/connector'
import type { MatchKeys } from '@linchpin/mapping'
import { accountMapping } from './account-mapping.ts'
import { accountNodes, accountRow, customersInBulk, mostParts, type AccountRow } from './account-row.ts'
import { customerOfEmail } from './account-search.ts'
import { accountWriter, type AccountWrite } from './account-writer.ts'
import { snapshotOf, sweepIds } from './listing.ts'
import { loadThenSweep, type Load } from './load.ts'
import { decode, readNodes } from './nodes.ts'
import { adminPage } from './pages.ts'
import type { Session } from './session.ts'

export const account: Entity<Session, 'Account', AccountRow, AccountWrite> = {
  schema: accountRow,
  mapping: accountMapping,
  changes: (session, after, limit) => loadThenSweep(session, load, after, limit),
  get: getAccounts,
  match: (session, keys) => inTurn(keys, each => matchOne(session, each)),
  url: ({ settings }, id) => adminPage(settings.url, `customers/${encodeURIComponent(id)}`),
  writer: accountWriter,
}

const readAccounts = (session: Session, ids: readonly string[]) =>
  readNodes(session, accountNodes(session.settings), ids)

async function getAccounts(session: Session, ids: readonly string[]) {
  return (await readAccounts(session, ids)).map(snapshotOf)
}

const load: Load<AccountRow> = {
  list: 'customers',
  query: ({ settings }) => customersInBulk(settings),
  rowOf: async ({ settings }, { root, parts }) =>
    decode(accountNodes(settings), {
      ...root,
      addressesV2: { nodes: parts('MailingAddress').slice(0, mostParts) },
      metafields: { nodes: parts('Metafield').slice(0, mostParts) },
    }),
  get: readAccounts,
  sweep: changesOfAccounts,
  sweepFrom,
}

async function changesOfAccounts(
  session: Session,
  after: Cursor | null,
  limit: number,
): Promise<Page<AccountRow>> {
  const { items, ...page } = await sweepIds(session, 'customers', after, limit)
  const shots = new Map(
    (
      await getAccounts(
        session,
        items.map(({ id }) => id),
      )
    ).map(shot => [shot.id, shot]),
  )
  return { ...page, items: items.map(({ id }) => shots.get(id) ?? { id, gone: true }) }
}

/** Shopify keeps e-mail addresses unique. VAT numbers stand in a metafield, which it does not search by value. */
async function matchOne(session: Session, { email }: MatchKeys): Promise<readonly Candidate[]> {
  const id = email ? await customerOfEmail(session, email) : null
  return id === null ? [] : [{ id, by: `e-mail ${email}` }]
}
