export type * from './connector.ts'
export { sameBytes } from './bytes.ts'
export { capabilitiesOf, connectorFor, type Capabilities, type EntityCapabilities } from './capabilities.ts'
export { sweep, sweepFrom, type Position, type Sweep } from './sweep.ts'
export { findOrMake } from './find-or-make.ts'
export { inTurn } from './in-turn.ts'
export { findEach, orProblem, outcomeOf, restOf, shotNow, writeEach } from './write-each.ts'
export { bytesOf, jsonIn, textOf } from './answer.ts'
export {
  askedToWaitMs,
  Problem,
  problemKinds,
  problemOf,
  quoted,
  retryAfterMs,
  Unanswered,
  type ProblemKind,
} from './problem.ts'
