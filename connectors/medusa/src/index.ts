export { medusa } from './medusa.ts'
export { fakeMedusa, type FakeMedusa } from './fake/fake-medusa.ts'
