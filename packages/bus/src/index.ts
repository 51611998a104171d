export type { Bus, Message, Note, Refused, Stop, Subscription } from './bus.ts'
export { memoryBus, type MemoryBus } from './memory-bus.ts'
export { openNats, type NatsOptions } from './nats.ts'
export { subjectOf } from './subject.ts'
