export { demoAccess, fakeTryton, type FakeTryton, type FakeTrytonOptions } from './fake/fake-tryton.ts'
export { tryton } from './tryton.ts'
