import type { Cursor, Entity, Page, Snapshot } from '@linchpin/connector'
import { z } from 'zod'
import {
  accountWriteMapping,
  accountWriteRow,
  writeAccounts,
  type AccountWriteRow,
} from './account-writer.ts'
import { call, type Session } from './client.ts'
import { idText } from './fields.ts'
import { isOwnId } from './identifiers.ts'
import { snapshotOf } from './process.ts'

const text = z.string().nullish()
const flag = z.boolean().nullish()

/** A business partner with its addresses and people, as GET /bpartner tells it (JsonResponseComposite). */
const accountRow = z.looseObject({
  bpartner: z.looseObject({
    metasfreshId: z.int(),
    code: text,
    name: text,
    companyName: text,
    language: text,
    phone: text,
    vatId: text,
    active: flag,
    customer: flag,
    company: flag,
  }),
  locations: z.array(
    z.looseObject({
      metasfreshId: z.int(),
      bpartnerName: text,
      address1: text,
      address2: text,
      postal: text,
      city: text,
      region: text,
      countryCode: text,
      phone: text,
      email: text,
      billTo: flag,
      billToDefault: flag,
      shipTo: flag,
      active: flag,
    }),
  ),
  contacts: z.array(
    z.looseObject({
      metasfreshId: z.int(),
      name: text,
      firstName: text,
      lastName: text,
      email: text,
      phone: text,
      active: flag,
    }),
  ),
})
type AccountRow = z.infer<typeof accountRow>

const PAGE = z.looseObject({
  items: z.array(accountRow),
  pagingDescriptor: z.looseObject({ resultTimestamp: z.number(), nextPage: z.string().nullish() }),
})

interface State {
  /** What changed since then (epoch ms of metasfresh's clock) is being read. */
  readonly since: number
  /** The token of the page that is being read; null for the first. */
  readonly page: string | null
  /** How many of its items were told. */
  readonly told: number
  /** Where the next sweep begins: the moment that the first page names. */
  readonly until: number | null
}

/**
 * Pages are as large as metasfresh likes, so one is told in parts. Its token dies with the selection behind it (404):
 * then the sweep begins again.
 */
async function changes(session: Session, after: Cursor | null, limit: number): Promise<Page<AccountRow>> {
  const state: State =
    after === null ? { since: 0, page: null, told: 0, until: null } : (JSON.parse(after) as State)
  const query = state.page === null ? `since=${state.since}` : `next=${encodeURIComponent(state.page)}`
  const page = await call(session, `/bpartner?${query}`, PAGE)
  if (page === null && state.page !== null)
    return { items: [], next: write({ ...state, page: null, told: 0 }), more: true }
  const { items = [], pagingDescriptor } = page ?? {}
  const part = items.slice(state.told, state.told + limit)
  const told = state.told + part.length
  const until = state.until ?? pagingDescriptor?.resultTimestamp ?? state.since
  const next = pagingDescriptor?.nextPage ?? null
  const snapshots = part.map(row => snapshotOf(String(row.bpartner.metasfreshId), row))
  if (told < items.length) return { items: snapshots, next: write({ ...state, told, until }), more: true }
  if (next !== null)
    return { items: snapshots, next: write({ since: state.since, page: next, told: 0, until }), more: true }
  const since = Math.max(0, until - session.settings.overlapMinutes * 60_000)
  return { items: snapshots, next: write({ since, page: null, told: 0, until: null }), more: false }
}

const write = (state: State): Cursor => JSON.stringify(state)

async function get(session: Session, ids: readonly string[]): Promise<readonly Snapshot<AccountRow>[]> {
  const { org } = session.settings
  const found: Snapshot<AccountRow>[] = []
  for (const id of ids.filter(isOwnId)) {
    const row = await call(session, `/bpartner/${encodeURIComponent(org)}/${id}`, accountRow)
    if (row !== null) found.push(snapshotOf(id, row))
  }
  return found
}

const address = {
  name: 'bpartnerName',
  streetName: 'address1',
  additionalStreetName: 'address2',
  postalZone: 'postal',
  cityName: 'city',
  countrySubentity: 'region',
  country: 'countryCode',
  email: 'email',
  phone: 'phone',
} as const

export const accounts: Entity<Session, 'Account', AccountRow, AccountWriteRow> = {
  schema: accountRow,
  mapping: {
    from: 'metasfresh.Account',
    to: 'Account',
    fields: {
      id: idText('bpartner.metasfreshId'),
      number: 'bpartner.code',
      kind: {
        when: { any: [{ has: 'bpartner.companyName' }, { is: ['bpartner.company', { constant: true }] }] },
        then: { constant: 'company' },
        else: { constant: 'person' },
      },
      name: {
        first: ['bpartner.name', 'bpartner.companyName', 'bpartner.code', idText('bpartner.metasfreshId')],
      },
      company: 'bpartner.companyName',
      email: 'contacts[0].email',
      phone: 'bpartner.phone',
      vatId: 'bpartner.vatId',
      language: 'bpartner.language',
      active: 'bpartner.active',
      deliveryAddresses: {
        each: 'locations',
        where: { is: ['shipTo', { constant: true }] },
        as: { id: idText('metasfreshId'), ...address },
      },
    },
  },
  changes,
  get,
  url: ({ settings }, id) => `${settings.url.replace(/\/*$/, '')}/window/123/${encodeURIComponent(id)}`,
  writer: {
    schema: accountWriteRow,
    mapping: accountWriteMapping,
    batch: 10,
    repeat: 'safe',
    write: (session, writes) => writeAccounts(session, writes, get),
  },
}
