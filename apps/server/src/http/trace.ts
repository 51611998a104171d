import type { TraceAnswer } from '@linchpin/api'
import {
  padMoney,
  type Account,
  type EntityName,
  type Product,
  type SalesOrder,
  type Shipment,
} from '@linchpin/model'
import type { RecordKey, StoredRecord, Trace } from '@linchpin/store'
import { isPerson, ownOf, withoutMail, type Own } from '../desk/mask.ts'
import { shownTrouble, shownWords } from '../desk/words.ts'
import type { Linchpin } from '../linchpin.ts'
import { Refusal } from './problem.ts'
import { deliveryAnswer, iso, isoOrNull } from './status.ts'

const MOST = 50

/** What a story tells of a record, whatever kind it is. */
type Told = Partial<
  Pick<SalesOrder, 'number' | 'totals' | 'currency' | 'fulfilment' | 'invoicing' | 'payment'> &
    Pick<Shipment, 'tracking'> &
    Pick<Product, 'sku'> &
    Pick<Account, 'name'>
> & { readonly status?: string }

/** The whole story behind a number: what carries it, what that is linked to, what belongs to it, what was done when. */
export async function traceAnswer(linchpin: Linchpin, number: string): Promise<TraceAnswer> {
  const { store, desk } = linchpin
  const found = (await desk.find(number, MOST)).filter(({ exact }) => exact)
  if (found.length === 0)
    throw new Refusal(
      404,
      'no-record',
      `No record carries ${number}. It may not have been read yet; "linchpin status" shows the polls.`,
    )
  const story = await store.trace(found.map(({ connection, entity, id }) => ({ connection, entity, id })))
  const own = ownOfStory(story)
  const show = (words: string, entity?: EntityName) => shownWords(words, entity, own)
  const kinds = new Map(story.deliveries.map(({ flow, entity }) => [flow, entity]))
  const records = []
  for (const record of inOrderOfTheStory(story)) records.push(await recordAnswer(linchpin, record, show))
  return {
    asked: number,
    records,
    links: story.links.map(link => ({ ...link, at: iso(link.at) })),
    deliveries: story.deliveries.map(each =>
      shownTrouble(deliveryAnswer(each), words => show(words, each.entity)),
    ),
    attempts: story.attempts.map(each => ({
      ...shownTrouble(each, words => show(words, kinds.get(each.flow))),
      key: withoutMail(each.key),
      at: iso(each.at),
      endedAt: isoOrNull(each.endedAt),
    })),
    journal: story.journal.map(({ at, connection, entity, id, flow, who, what, words }) => ({
      at: iso(at),
      connection: connection ?? null,
      entity: entity ?? null,
      id: id ?? null,
      flow: flow ?? null,
      who,
      what,
      words: show(words, entity),
    })),
  }
}

/** What the records of a story say of people: each may be named in what is said of the others. */
export const ownOfStory = ({ records }: Pick<Trace, 'records'>): readonly Own[] =>
  records.flatMap(({ canonical, entity }) => ownOf(canonical, entity))

const RANKS: readonly EntityName[] = ['SalesOrder', 'Shipment', 'Invoice', 'CreditNote', 'Payment', 'Refund']

/** The order first, where it was placed before where it was carried to; then what became of it. */
export function inOrderOfTheStory({ records, deliveries, attempts }: Trace): Trace['records'] {
  const created = new Set(
    attempts.filter(each => each.operation === 'create').map(({ flow, id }) => `${flow} ${id}`),
  )
  const origins = new Set(
    deliveries
      .filter(({ flow, id }) => created.has(`${flow} ${id}`))
      .map(({ from, entity, id }) => `${from} ${entity} ${id}`),
  )
  const rank = ({ entity, connection, id }: RecordKey) => {
    const place = RANKS.indexOf(entity)
    return (place < 0 ? RANKS.length : place) * 2 + (origins.has(`${connection} ${entity} ${id}`) ? 0 : 1)
  }
  return records.toSorted((left, right) => rank(left) - rank(right))
}

async function recordAnswer(
  linchpin: Linchpin,
  record: StoredRecord & { readonly parents: readonly RecordKey[] },
  show: (words: string, entity: EntityName) => string,
): Promise<TraceAnswer['records'][number]> {
  const { connection, entity, id, version, gone, problem, parents } = record
  const canonical = (record.canonical ?? {}) as Told
  const { totals, currency } = canonical
  return {
    connection,
    entity,
    id,
    number: canonical.number ?? null,
    title: titleOf(record, canonical),
    state: stateOf(entity, canonical),
    total: totals && currency ? { amount: padMoney(totals.payable, currency), currency } : null,
    version,
    readAt: iso(record.readAt),
    changedAt: iso(record.changedAt),
    gone,
    problem: problem && show(problem, entity),
    url: await urlOf(linchpin, record),
    parents: [...parents],
    tracking: (canonical.tracking ?? []).map(each => each.number),
  }
}

/** Without who it is: a trace asks for no reason. */
function titleOf({ entity, id }: RecordKey, { number, sku, name }: Told): string {
  if (entity === 'SalesOrder') return `Order ${number}`
  const called = isPerson(entity)
    ? (number ?? withoutMail(id))
    : [number ?? sku, name].filter(Boolean).join(' ')
  return `${entity} ${called}`.trim()
}

/** An order's three axes are told apart; everything else has one status. */
function stateOf(entity: EntityName, canonical: Told): string {
  const { status = '', fulfilment, invoicing, payment } = canonical
  if (entity !== 'SalesOrder') return status
  return `${status}; shipped: ${fulfilment}; invoiced: ${invoicing}; ${payment}`
}

export async function urlOf(
  { setup, engine }: Linchpin,
  { connection, entity, id }: RecordKey,
): Promise<string | null> {
  const url = setup.connections.get(connection)?.connector.entities[entity]?.url
  if (!url) return null
  // Without a session there is no address; a system that is down must not make the story unreadable.
  return engine.delivering
    .sourceLane(connection)
    .session()
    .then(
      session => url(session, id),
      () => null,
    )
}
