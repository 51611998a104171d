export { vendure } from './vendure.ts'
export { fakeVendure, type FakeOptions, type FakeVendure } from './fake/fake-vendure.ts'
