export { odoo } from './odoo.ts'
export { settings as odooSettings, type Settings as OdooSettings } from './settings.ts'
export { demoAccess, fakeOdoo, type FakeOdoo, type FakeOdooOptions, type Shipping } from './fake/index.ts'
