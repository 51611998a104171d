export * from './alerts/index.ts'
export type { OnBus } from './bus/deps.ts'
export { createEngine, HUB, type Engine, type EngineOptions } from './engine.ts'
export { healingOf, type Healing, type HealingPolicy } from './healing.ts'
export { canonicalOf } from './normalize.ts'
export { DOCUMENT_FIELDS, isDocument, type FieldDifference } from './reconcile/compare.ts'
export type { Discrepancy, DiscrepancyKind, Reconciliation, Standing } from './reconcile/discrepancy.ts'
export type { Told } from './reader.ts'
export { UNDER_WAY } from './reconcile/second-look.ts'
export { heal, reconcile, standing, type ReconcileRequest } from './reconcile/reconcile.ts'
export {
  bothNow,
  comparedFields,
  pushOf,
  sideBySide,
  type Both,
  type FieldOfBoth,
  type Push,
  type PushNot,
} from './reconcile/side-by-side.ts'
export { askLoad, loadOn, loadsNow, type LoadProgress } from './load/load.ts'
export { match, type Matched } from './match.ts'
export { apply, plan, type PlannedStep } from './plan.ts'
export { DEFAULT_SCHEDULE, next as nextTime } from './schedule.ts'
export {
  directMapping,
  entityOf,
  isDeliveredHere,
  isDirect,
  known,
  mappingVersion,
  readMappingName,
  setUp,
  type Batch,
  type Connection,
  type Flow,
  type Live,
  type Schedule,
  type Setup,
} from './setup.ts'
export { sync, type Synced, type SyncRequest } from './sync.ts'
export { recover, type RecoverRequest, type RecoveryReport } from './recover.ts'
export { tryRead, tryWrite, type Trial } from './trial.ts'
export { asProblem, wordsOf } from './trouble.ts'
export type { WebhookAnswer } from './webhook.ts'
export type { Facts, Log, Point, World } from './world.ts'
