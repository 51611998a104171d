import type { Db } from '../db.ts'
import { activity, happened, punctuality, tokens } from './activity.ts'
import { captured } from './captured.ts'
import { causes } from './causes.ts'
import { credentials, keepCredential, type Credential } from './credentials.ts'
import { addComment, commentsOf, type Comment } from './comments.ts'
import { correct, corrections, type Correction } from './corrections.ts'
import { find } from './find.ts'
import { endIgnoring, ignoredFields, ignoreField, type IgnoredField, type IgnoredKey } from './ignored.ts'
import { goLive, liveMappings, mappingVersions, saveMapping } from './mappings.ts'
import { open } from './open.ts'
import { knownOf, pushedAt, sentOf, versionsOf } from './past.ts'
import { parkedPage, statesOf, type ParkedFilter } from './parked.ts'
import { endPauseAt, pauseEnds, type PauseEnd } from './pauses.ts'
import { sweeps } from './sweeps.ts'
import { thinTrend, trendOf } from './trend.ts'
import { pulse } from './pulse.ts'
import type { RecordKey } from '../store.ts'

export type { Activity, Happened, Punctuality } from './activity.ts'
export type { Captured } from './captured.ts'
export type { CauseState } from './causes.ts'
export type { Change, Correction } from './corrections.ts'
export type { Credential } from './credentials.ts'
export type { Found } from './find.ts'
export type { IgnoredField } from './ignored.ts'
export type { LiveMapping, MappingVersion } from './mappings.ts'
export type { Sent, Version } from './past.ts'
export type { Sweeps } from './sweeps.ts'
export { TREND_MS, type PastComparison } from './trend.ts'
export type { Comment, PauseEnd }

/**
 * What people ask and write at the console. The engine needs none of it, so that it stands beside the store, and no
 * twin in memory has to keep its promises.
 */
export interface Desk {
  readonly find: (text: string, limit: number) => ReturnType<typeof find>
  readonly versionsOf: (keys: readonly RecordKey[]) => ReturnType<typeof versionsOf>
  readonly sentOf: (
    deliveries: readonly { readonly flow: string; readonly id: string }[],
  ) => ReturnType<typeof sentOf>
  readonly knownOf: (keys: readonly RecordKey[]) => ReturnType<typeof knownOf>
  readonly pushedAt: (asked: Parameters<typeof pushedAt>[1]) => Promise<number | null>
  readonly comment: (comment: Omit<Comment, 'at'>, now: number) => Promise<void>
  readonly commentsOf: (keys: readonly RecordKey[]) => Promise<readonly Comment[]>
  readonly causes: (now: number) => ReturnType<typeof causes>
  readonly parkedPage: (filter: ParkedFilter) => ReturnType<typeof parkedPage>
  readonly statesOf: (flow: string, ids: readonly string[]) => ReturnType<typeof statesOf>
  readonly activity: (asked: Parameters<typeof activity>[1]) => ReturnType<typeof activity>
  readonly happened: (asked: Parameters<typeof happened>[1]) => ReturnType<typeof happened>
  readonly punctuality: (asked: Parameters<typeof punctuality>[1]) => ReturnType<typeof punctuality>
  readonly tokens: () => ReturnType<typeof tokens>
  readonly sweeps: (asked: Parameters<typeof sweeps>[1]) => ReturnType<typeof sweeps>
  readonly endPauseAt: (end: Parameters<typeof endPauseAt>[1]) => Promise<void>
  readonly pauseEnds: () => Promise<readonly PauseEnd[]>
  readonly mappingVersions: (name: string) => ReturnType<typeof mappingVersions>
  readonly liveMappings: () => ReturnType<typeof liveMappings>
  readonly saveMapping: (said: Parameters<typeof saveMapping>[1], now: number) => Promise<number | null>
  readonly goLive: (said: Parameters<typeof goLive>[1], now: number) => Promise<boolean>
  readonly corrections: () => Promise<readonly Correction[]>
  readonly correct: (correction: Omit<Correction, 'at'>, now: number) => Promise<void>
  readonly ignoredFields: () => Promise<readonly IgnoredField[]>
  readonly ignoreField: (said: Omit<IgnoredField, 'since'>, now: number) => Promise<void>
  readonly endIgnoring: (key: IgnoredKey) => Promise<boolean>
  readonly trendOf: (asked: Parameters<typeof trendOf>[1]) => ReturnType<typeof trendOf>
  readonly thinTrend: (now: number) => Promise<void>
  readonly open: () => ReturnType<typeof open>
  readonly pulse: () => Promise<number>
  readonly credentials: () => Promise<readonly Credential[]>
  readonly keepCredential: (kept: Parameters<typeof keepCredential>[1], now: number) => Promise<void>
  readonly captured: (asked: Parameters<typeof captured>[1]) => ReturnType<typeof captured>
}

export function openDesk(db: Db): Desk {
  return {
    find: (text, limit) => find(db, text, limit),
    versionsOf: keys => versionsOf(db, keys),
    sentOf: deliveries => sentOf(db, deliveries),
    knownOf: keys => knownOf(db, keys),
    pushedAt: asked => pushedAt(db, asked),
    comment: (comment, now) => addComment(db, comment, now),
    commentsOf: keys => commentsOf(db, keys),
    causes: now => causes(db, now),
    parkedPage: filter => parkedPage(db, filter),
    statesOf: (flow, ids) => statesOf(db, flow, ids),
    activity: asked => activity(db, asked),
    happened: asked => happened(db, asked),
    punctuality: asked => punctuality(db, asked),
    tokens: () => tokens(db),
    sweeps: asked => sweeps(db, asked),
    endPauseAt: end => endPauseAt(db, end),
    pauseEnds: () => pauseEnds(db),
    mappingVersions: name => mappingVersions(db, name),
    liveMappings: () => liveMappings(db),
    saveMapping: (said, now) => saveMapping(db, said, now),
    goLive: (said, now) => goLive(db, said, now),
    corrections: () => corrections(db),
    correct: (correction, now) => correct(db, correction, now),
    ignoredFields: () => ignoredFields(db),
    ignoreField: (said, now) => ignoreField(db, said, now),
    endIgnoring: key => endIgnoring(db, key),
    trendOf: asked => trendOf(db, asked),
    thinTrend: now => thinTrend(db, now),
    open: () => open(db),
    pulse: () => pulse(db),
    credentials: () => credentials(db),
    keepCredential: (kept, now) => keepCredential(db, kept, now),
    captured: asked => captured(db, asked),
  }
}
