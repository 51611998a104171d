/** The steps of the engine, to be turned by hand: for stories with a clock of their own, and for the simulator. */
export { deliverOnce } from './engine.ts'
export { probePaused, watchWebhooks } from './housekeeping.ts'
export { keepRuns } from './runs.ts'
export { compareOn } from './reconcile/continuous.ts'
export { pollOnce, readNotices } from './read.ts'
export { registration } from './registration.ts'
export { openLane, type Lane } from './sessions.ts'
