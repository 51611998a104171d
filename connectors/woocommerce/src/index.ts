export { woocommerce } from './woocommerce.ts'
export { demoKey, fakeWooCommerce, type FakeWooCommerce, type Purchase } from './fake/fake-woocommerce.ts'
