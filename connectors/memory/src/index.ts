export { memory } from './memory.ts'
export { fakeMemory, type FakeMemory } from './fake-memory.ts'
export { memoryAsks, memoryFinds } from './variants.ts'
