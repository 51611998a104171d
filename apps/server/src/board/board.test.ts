import { createClient, type Client } from '@linchpin/api'
import { audit } from '@linchpin/store'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openRig, until, type Rig } from '../testing/rig.ts'

const flow = 'product-erp-to-shop'
let rig: Rig
let api: Client
let id = ''
const rope = () => rig.shop.products().find(({ sku }) => sku === 'ROPE-10M')
const rename = (name: string) => rig.shop.updateProduct(rope()?.id ?? 0, { name })
const compared = async () => {
  let found = await api.reconcile({ flow })
  while (!found.done) found = await api.reconcile({ flow, goOn: true })
  return found
}
/** Whoever says this key. */
const saying = (key: string) =>
  createClient({
    url: rig.url,
    fetch: (url, init) =>
      fetch(url, { ...init, headers: { ...(init.headers as object), 'idempotency-key': key } }),
  })

beforeAll(async () => {
  rig = await openRig()
  api = createClient({ url: rig.url, fetch: (url, init) => fetch(url, init) })
  await until('the catalogue is in the shop, and all is done', async () => {
    const { deliveries } = await rig.linchpin.desk.open()
    return rope() !== undefined && deliveries.every(({ state }) => state === 'parked')
  })
  id = String(rig.erp.orm.all('product.product').find(row => row['default_code'] === 'ROPE-10M')?.id)
})
afterAll(() => rig.close())

test('a push that is said again with its key is done once, and answered alike', async () => {
  rename('A rope of the shop')
  expect((await compared()).kinds).toEqual({ different: 1 })
  const { step } = await api.push({ flow, id, to: 'shop', dryRun: true })
  const asked = { flow, id, to: 'shop', proof: step?.proof ?? '' }
  const first = await saying('once-1').push(asked)
  expect(first.owed).toBe(true)
  await until('it is written', () => rope()?.name !== 'A rope of the shop')
  rename('Another rope of the shop')
  expect(await saying('once-1').push(asked)).toEqual(first)
  expect(rope()?.name).toBe('Another rope of the shop')
  await expect(saying('once-1').push({ ...asked, to: 'erp' })).rejects.toMatchObject({ code: 'key-reused' })
})

test('a dry run is not written down; a push and a field that is left out are, before and after', async () => {
  await until('nothing is under way', async () => (await rig.linchpin.store.owed(flow, [id])).length === 0)
  const said = async (what: string) => audit(rig.linchpin.db, { limit: 200, what })
  const pushes = (await said('push')).length
  await api.push({ flow, id, to: 'shop', dryRun: true })
  await api.readSides({ flow, id })
  expect((await said('push')).length).toBe(pushes)
  await api.ignoreField({ flow, field: 'name', why: 'The shop writes its own.' })
  const [entry] = await said('ignoreField')
  expect(entry).toMatchObject({ before: [], after: [{ field: 'name', why: 'The shop writes its own.' }] })
  await api.endIgnoring({ flow, field: 'name' })
  expect(await said('endIgnoring')).toHaveLength(1)
})

test('where nobody knows whether it arrived, that is answered before anything is pushed', async () => {
  rename('A rope of the shop')
  await compared()
  const { step } = await api.push({ flow, id, to: 'shop', dryRun: true })
  const become = (set: string) =>
    rig.linchpin.db.query('', `update delivery set ${set} where flow = $1 and id = $2`, [flow, id])
  await become(`state = 'parked', parked_at = now(), intent = 'update', intent_key = 'x'`)
  const asked = { flow, id, to: 'shop', proof: step?.proof ?? '' }
  await expect(api.push(asked)).rejects.toMatchObject({ code: 'unanswered' })
  await expect(api.push({ ...asked, dryRun: true })).rejects.toMatchObject({ code: 'unanswered' })
  expect((await api.sides({ flow, id })).pushes.at(-1)).toMatchObject({ not: 'unanswered' })
  const { journal } = await rig.linchpin.store.trace([{ connection: 'erp', entity: 'Product', id }])
  expect(journal.filter(({ what }) => what === 'pushed')).toHaveLength(1)
  await become(`state = 'done', parked_at = null, intent = null, intent_key = null`)
  expect(await api.push(asked)).toMatchObject({ owed: true })
})

test('what is not there, or no side of the flow, is refused with words', async () => {
  const refused = (asked: Promise<unknown>) =>
    asked.then(
      () => null,
      (error: { code: string }) => error.code,
    )
  expect(await refused(api.push({ flow, id: 'none', to: 'shop', dryRun: false }))).toBe('no-dry-run')
  expect(await refused(api.push({ flow, id, to: 'nowhere', dryRun: true }))).toBe('no-side')
  expect(await refused(api.push({ flow: 'none', id, to: 'shop', dryRun: true }))).toBe('no-flow')
  expect(await refused(api.sides({ flow, id: 'none' }))).toBe('no-record')
  expect(await refused(api.readSides({ flow, id: 'none' }))).toBe('no-record')
  expect((await api.push({ flow, id: 'none', to: 'shop', dryRun: true })).step).toBeNull()
})
