/** The steps of the engine, to be turned by hand: for stories with a clock of their own, and for the simulator. */
export { deliverOnce, registration } from './engine.ts'
export { probePaused, watchWebhooks } from './housekeeping.ts'
export { compareOn } from './reconcile/continuous.ts'
export { pollOnce, readNotices } from './read.ts'
export { openLane, type Lane } from './sessions.ts'
