export {
  demoAccess,
  fakeDolibarr,
  type FakeDolibarr,
  type FakeDolibarrOptions,
} from './fake/fake-dolibarr.ts'
export { dolibarr } from './dolibarr.ts'
