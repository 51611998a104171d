import type {
  Connector,
  Cursor,
  Entity,
  Io,
  Outcome,
  Page,
  Snapshot,
  Write,
  Writer,
} from '@linchpin/connector'
import type { EntityName } from '@linchpin/model'
import type { Session } from '../client.ts'

/** Makes a good connector a bad one. */
export type Flaw = (connector: Connector) => Connector
export type Flaws = Readonly<Record<string, Flaw>>

type AnyEntity = Entity<Session, EntityName, object, object>
export type AnyWriter = Writer<Session, object>
type Item = Page<object>['items'][number]

export const eachEntity =
  (change: (entity: AnyEntity) => AnyEntity): Flaw =>
  connector => {
    const entities = Object.entries(connector.entities).map(([name, entity]) => [
      name,
      change(entity as AnyEntity),
    ])
    return { ...connector, entities: Object.fromEntries(entities) as Connector['entities'] }
  }

type Changes = NonNullable<AnyEntity['changes']>
export const otherChanges = (
  change: (
    changes: Changes,
    ...given: [session: Session, after: Cursor | null, limit: number]
  ) => Promise<Page<object>>,
): Flaw =>
  eachEntity(({ changes, ...entity }) => ({
    ...entity,
    ...(changes && { changes: (session, after, limit) => change(changes, session, after, limit) }),
  }))

export const eachPage = (
  change: (page: Page<object>, after: Cursor | null, session: Session) => Page<object>,
): Flaw =>
  otherChanges(async (changes, session, after, limit) =>
    change(await changes(session, after, limit), after, session),
  )

export const eachItem = (change: (item: Item, session: Session) => Item | null): Flaw =>
  eachPage((page, _after, session) => ({
    ...page,
    items: page.items.map(item => change(item, session)).filter(item => item !== null),
  }))

type Get = NonNullable<AnyEntity['get']>
export const otherGet = (
  change: (get: Get, session: Session, ids: readonly string[]) => Promise<readonly Snapshot<object>[]>,
): Flaw =>
  eachEntity(({ get, ...entity }) => ({
    ...entity,
    ...(get && { get: (session, ids) => change(get, session, ids) }),
  }))

/** What both ways of reading tell. */
export const eachSnapshot = (change: (shot: Snapshot<object>, session: Session) => Snapshot<object>): Flaw =>
  both(
    eachItem((item, session) => ('row' in item ? change(item, session) : item)),
    otherGet(async (get, session, ids) => (await get(session, ids)).map(shot => change(shot, session))),
  )

export const eachWriter = (change: (writer: AnyWriter) => AnyWriter): Flaw =>
  eachEntity(entity => (entity.writer ? { ...entity, writer: change(entity.writer) } : entity))

export const otherWrite = (
  change: (
    write: AnyWriter['write'],
    session: Session,
    writes: readonly Write<object>[],
  ) => Promise<readonly Outcome[]>,
): Flaw =>
  eachWriter(writer => ({ ...writer, write: (session, writes) => change(writer.write, session, writes) }))

export const eachWrite = (
  change: (write: Write<object>, session: Session, turn: number) => Write<object>,
): Flaw =>
  otherWrite(async (write, session, writes) => {
    const outcomes = await write(
      session,
      writes.map((each, turn) => change(each, session, turn)),
    )
    return outcomes.map((outcome, turn) => ({ ...outcome, key: writes[turn]?.key ?? outcome.key }))
  })

export const eachOutcome = (change: (outcome: Outcome, session: Session) => Outcome): Flaw =>
  otherWrite(async (write, session, writes) =>
    (await write(session, writes)).map(outcome => change(outcome, session)),
  )

export const otherIo =
  (change: (io: Io, session: Session) => Io): Flaw =>
  connector => ({
    ...connector,
    open: async (settings, io) => {
      const session = (await connector.open(settings, io)) as Session
      return { ...session, io: change(io, session) }
    },
  })

export const otherHealth =
  (change: (health: Connector['health'], session: Session) => ReturnType<Connector['health']>): Flaw =>
  connector => ({ ...connector, health: (session: Session) => change(connector.health, session) })

export const both =
  (...flaws: readonly Flaw[]): Flaw =>
  connector =>
    flaws.reduce((worse, flaw) => flaw(worse), connector)
