export {
  demoToken,
  fakeMetasfresh,
  type FakeMetasfresh,
  type FakeMetasfreshOptions,
} from './fake/fake-metasfresh.ts'
export { metasfresh } from './metasfresh.ts'
