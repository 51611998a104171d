export { run, type Outcome } from './run.ts'
export { createTwin, type Twin } from './twin/twin.ts'
