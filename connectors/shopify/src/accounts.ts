import { inTurn, type Candidate, type Cursor, type Entity, type Page } from '@linchpin/connector'
import type { MatchKeys } from '@linchpin/mapping'
import { accountMapping } from './account-mapping.ts'
import { accountNodes, accountRow, type AccountRow } from './account-row.ts'
import { customerOfEmail } from './account-search.ts'
import { accountWriter, type AccountWrite } from './account-writer.ts'
import { snapshotOf, sweepIds } from './listing.ts'
import { readNodes } from './nodes.ts'
import { adminPage } from './pages.ts'
import type { Session } from './session.ts'

export const account: Entity<Session, 'Account', AccountRow, AccountWrite> = {
  schema: accountRow,
  mapping: accountMapping,
  changes: changesOfAccounts,
  get: getAccounts,
  match: (session, keys) => inTurn(keys, each => matchOne(session, each)),
  url: ({ settings }, id) => adminPage(settings.url, `customers/${encodeURIComponent(id)}`),
  writer: accountWriter,
}

async function getAccounts(session: Session, ids: readonly string[]) {
  return (await readNodes(session, accountNodes(session.settings), ids)).map(snapshotOf)
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
