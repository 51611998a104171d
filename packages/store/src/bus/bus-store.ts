import type { EntityName } from '@linchpin/model'
import type { Db } from '../db.ts'
import type { RecordKey, StoredRecord } from '../store.ts'
import {
  flowParts,
  isUnderWay,
  letGo,
  taken,
  takeOver,
  takes,
  type FlowPart,
  type Taking,
} from './hand-over.ts'
import {
  awaited,
  hearLinks,
  hearOutcomes,
  hearUnlinks,
  roll,
  unlike,
  unowed,
  type RollEntry,
  type Told,
} from './heard.ts'
import {
  madeLinks,
  outcomes,
  outgoing,
  saidLinks,
  unlinked,
  type BetweenQuery,
  type MadeBy,
  type Outgoing,
  type ToldLink,
  type ToldOutcome,
  type ToldUnlink,
} from './outgoing.ts'
import { toldPage, toldRecords, type ToldQuery } from './told.ts'
import { tellAgain, told, type NewsQuery, type OutboxRow } from './outbox.ts'

export type { FlowPart } from './hand-over.ts'
export type { RollEntry } from './heard.ts'
export type { Outgoing, ToldLink, ToldOutcome, ToldUnlink } from './outgoing.ts'
export type { OutboxRow, Publishing } from './outbox.ts'

/** What only a process on the bus asks of its database: its outbox, what it heard, and flows that change hands. */
export interface BusStore {
  outgoing(query: NewsQuery): Promise<readonly Outgoing[]>
  told(rows: readonly OutboxRow[]): Promise<void>
  tellAgain(keys: readonly RecordKey[]): Promise<readonly RecordKey[]>
  hearLinks(links: readonly ToldLink[], now: number): Promise<readonly ToldLink[]>
  hearUnlinks(unlinks: readonly ToldUnlink[], now: number): Promise<void>
  unowed(
    keys: readonly (RecordKey & { readonly flow: string })[],
  ): Promise<readonly { readonly flow: string; readonly record: StoredRecord }[]>
  hearOutcomes(outcomes: readonly ToldOutcome[]): Promise<void>
  roll(of: {
    connection: string
    entity: EntityName
    after: string
    limit: number
  }): Promise<readonly RollEntry[]>
  toldPage(query: ToldQuery): Promise<readonly StoredRecord[]>
  toldRecords(of: {
    connection: string
    entity: EntityName
    ids: readonly string[]
  }): Promise<readonly StoredRecord[]>
  unlinked(query: BetweenQuery<ToldUnlink>): Promise<readonly ToldUnlink[]>
  saidLinks(query: BetweenQuery<ToldLink>): Promise<readonly ToldLink[]>
  madeLinks(of: MadeBy<ToldLink>): Promise<readonly ToldLink[]>
  outcomes(of: MadeBy<ToldOutcome>): Promise<readonly ToldOutcome[]>
  unlike(connection: string, entity: EntityName, told: readonly RollEntry[]): Promise<readonly string[]>
  awaited(told: Told): Promise<readonly string[]>
  isUnderWay(flow: string, now: number): Promise<boolean>
  flowParts(flow: string): AsyncIterable<FlowPart>
  takes(flow: string): Promise<number>
  takeOver(flow: string, parts: AsyncIterable<FlowPart>, taking: Taking): Promise<boolean>
  taken(flow: string): Promise<void>
  letGo(flow: string): Promise<void>
}

export function openBusStore(db: Db): BusStore {
  return {
    outgoing: query => outgoing(db, query),
    told: rows => told(db, rows),
    tellAgain: keys => tellAgain(db, keys),
    hearLinks: (links, now) => hearLinks(db, links, now),
    hearUnlinks: (unlinks, now) => hearUnlinks(db, unlinks, now),
    unowed: keys => unowed(db, keys),
    hearOutcomes: outcomes => hearOutcomes(db, outcomes),
    roll: of => roll(db, of),
    toldPage: query => toldPage(db, query),
    toldRecords: of => toldRecords(db, of),
    unlinked: query => unlinked(db, query),
    saidLinks: query => saidLinks(db, query),
    madeLinks: of => madeLinks(db, of),
    outcomes: of => outcomes(db, of),
    unlike: (connection, entity, rows) => unlike(db, connection, entity, rows),
    awaited: told => awaited(db, told),
    isUnderWay: (flow, now) => isUnderWay(db, flow, now),
    flowParts: flow => flowParts(db, flow),
    takes: flow => takes(db, flow),
    takeOver: (flow, parts, taking) => takeOver(db, flow, parts, taking),
    taken: flow => taken(db, flow),
    letGo: flow => letGo(db, flow),
  }
}
