import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openRig, until, type Rig } from '@linchpin/server/testing'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { run, type Ran } from './testing/run.ts'

/** The commands that talk to a running Linchpin; here it runs between two look-alikes. */
const ORDERS = 'sales-order-shop-to-erp'
let rig: Rig
let folder: string
const linchpin = (...args: string[]): Promise<Ran> => run([...args, '--url', rig.url], { folder })
const json = async <Data>(...args: string[]) => (await linchpin(...args, '--json')).data() as Data

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'linchpin-cli-'))
  rig = await openRig()
  await until('the catalogue is in the shop', async () => {
    const { flows } = await json<{ flows: { name: string; deliveries: Record<string, number> }[] }>('status')
    const of = (state: string) => flows.reduce((sum, { deliveries }) => sum + (deliveries[state] ?? 0), 0)
    const open = ['ready', 'later', 'running', 'waiting'].reduce((sum, state) => sum + of(state), 0)
    return (
      open === 0 &&
      flows.some(({ name, deliveries }) => name.startsWith('stock') && (deliveries['done'] ?? 0) > 5)
    )
  })
})
afterAll(async () => {
  await rig.close()
  rmSync(folder, { recursive: true })
})

const GUEST = {
  first_name: 'Noor',
  last_name: 'de Vries',
  email: 'noor@example.com',
  country: 'DE',
  city: 'München',
  postcode: '80337',
  address_1: 'Lindwurmstraße 80',
}
function placeOrder(sku = 'MUG-ENAMEL') {
  const product = rig.shop.products().find(each => each.sku === sku)
  if (!product) throw new Error(`The shop does not sell ${sku}.`)
  return rig.shop.placeOrder({ billing: GUEST, lines: [{ product: product.id, quantity: 1 }] })
}
/** What a trace tells; of a number that is not known yet, nothing. */
interface Told {
  readonly deliveries?: readonly { readonly flow: string; readonly state: string }[]
}
/** An order of an article that the ERP does not know: a person is needed. */
async function parkOrder() {
  const sku = `UNKNOWN-${rig.shop.products().length}`
  const product = {
    name: sku,
    sku,
    regular_price: '30.00',
    manage_stock: true,
    stock_quantity: 3,
    status: 'publish',
  }
  rig.shop.createProduct(product)
  const { id } = placeOrder(sku)
  await until('the order is parked', async () => (await parkedIds()).includes(String(id)))
  return String(id)
}
const parkedIds = async () => (await json<{ id: string }[]>('parked')).map(({ id }) => id)

test('a mapping is tried, compared, saved, rolled back and exported on the command line', async () => {
  const NAME = 'shop.Account'
  expect((await linchpin('mapping', 'list')).out).toMatch(/shop\.Account +reads Account of shop +0/)
  const file = join(folder, 'own.json')
  writeFileSync(file, JSON.stringify({ fields: { name: { template: '{email} {first_name}' } } }))
  const preview = await linchpin('mapping', 'preview', 'erp.Product')
  expect(preview.out).toMatch(/sku +\S+ +default_code/)
  const saved = await linchpin('mapping', 'save', NAME, '--file', file, '--why', 'A test of it.')
  expect(saved.out).toContain('Version 1 of shop.Account is live')
  expect(await json('mapping', 'export')).toEqual({
    'connections.shop.mappings.Account': { fields: { name: { template: '{email} {first_name}' } } },
  })
  const back = await linchpin('mapping', 'roll-back', NAME, '--to', '0', '--why', 'It was a test.')
  expect(back.out).toContain('Version 0 of shop.Account is live')
  const show = await linchpin('mapping', 'show', NAME)
  expect(show.out).toContain('0 (live)')
  writeFileSync(file, JSON.stringify({ fields: { nam: 'email' } }))
  const wrong = await linchpin('mapping', 'save', NAME, '--file', file, '--why', 'A mistake.')
  expect(wrong).toMatchObject({ exit: 1 })
  expect(wrong.err).toMatch(/not saved.*the nearest is name|not saved.*name/)
})

test('the story of a record is told on the command line, masked; a comment on it stands there', async () => {
  const { id } = placeOrder()
  const key = ['shop', 'SalesOrder', String(id)]
  await until('the order is read', async () => (await linchpin('record', 'show', ...key)).exit === 0)
  expect((await linchpin('record', 'comment', ...key, 'She rang.')).exit).toBe(0)
  const shown = await linchpin('record', 'show', ...key)
  expect(shown.out).toContain('She rang.')
  expect(shown.out).not.toContain('de Vries')
  expect((await linchpin('record', 'show', ...key, '--reveal', 'on the phone')).out).toContain('de Vries')
  expect((await linchpin('record', 'show', ...key)).out).toMatch(/revealed on the phone/)
  expect((await linchpin('record', 'show', 'shop', 'Ordr', '1')).exit).toBe(2)
})

test('status tells how everything stands, in words and as data', async () => {
  const status = await linchpin('status')
  expect(status).toMatchObject({ exit: 0, err: '' })
  expect(status.out).toMatch(/shop +woocommerce +open/)
  expect(status.out).toContain(ORDERS)
  expect(await json('status')).toMatchObject({ connections: [{ name: 'erp' }, { name: 'shop' }] })
})

test('a dry run of a sync says what would be done, and changes nothing in the shop or the ERP', async () => {
  const seen = () => ({
    orders: rig.shop.orders(),
    booked: rig.erp.orm.all('sale.order'),
    products: rig.shop
      .products()
      .map(({ id, sku, name, regular_price }) => ({ id, sku, name, regular_price })),
  })
  // What was ordered before is on its way there, and back.
  await until('nothing is under way', async () => {
    const { deliveries, notices } = await rig.linchpin.store.status()
    return (
      notices.length === 0 &&
      deliveries.every(({ state }) => !['ready', 'later', 'running', 'waiting'].includes(state))
    )
  })
  const before = seen()
  const plan = await linchpin('sync', 'product-erp-to-shop', '--dry-run')
  expect(plan.exit).toBe(0)
  expect(plan.out).toMatch(/Nothing was done\. It would be: \d+ /)
  const { planned } = await json<{ planned: { id: string; would: string }[] }>(
    'sync',
    'product-erp-to-shop',
    '--dry-run',
  )
  expect(planned.length).toBeGreaterThan(5)
  const [one] = planned
  const some = await json<{ planned: unknown[] }>(
    'sync',
    'product-erp-to-shop',
    '--dry-run',
    '--ids',
    one?.id ?? '',
  )
  expect(some.planned).toHaveLength(1)
  const since = (instant: string) => json('replay', 'product-erp-to-shop', '--dry-run', '--since', instant)
  expect(await since('2199-01-01T00:00:00Z')).toEqual({ records: 0, owed: 0, held: false, next: null })
  expect(await since('2020-01-01T00:00:00Z')).toEqual({
    records: planned.length,
    owed: 0,
    held: false,
    next: null,
  })
  expect(seen()).toEqual(before)
})

test('trace tells an order’s way; a number that nobody knows is a failure with words', async () => {
  const { id } = placeOrder()
  // In the ERP before that is settled here: the journal tells of it when the delivery is done.
  await until('the order is delivered', async () => {
    const { deliveries = [] } = await json<Told>('trace', String(id))
    return deliveries.some(({ flow, state }) => flow === ORDERS && state === 'done')
  })
  const story = await linchpin('trace', String(id), '--journal')
  expect(story.exit).toBe(0)
  expect(story.out).toMatch(/Created as S\d+ in Odoo/)
  const none = await linchpin('trace', 'no-such-number')
  expect([none.exit, none.err]).toEqual([1, expect.stringContaining('No record carries no-such-number')])
  const asData = await linchpin('trace', 'no-such-number', '--json')
  expect(asData.data()).toMatchObject({ error: expect.stringContaining('No record carries') })
})

test('a link is taken back and made by hand; what is not linked, or no kind of record, is a failure with words', async () => {
  const id = String(rig.shop.products().find(({ sku }) => sku === 'TEA-HARBOUR')?.id)
  const linked = async () =>
    (await rig.linchpin.store.links([{ entity: 'Product', connection: 'shop', id, to: 'erp' }]))[0] ?? null
  const target = String(await linked())
  const done = await linchpin('unlink', 'product', 'shop', id, 'erp')
  expect([done.exit, done.out]).toEqual([0, expect.stringContaining(`is no longer ${target} of erp`)])
  expect(await linked()).toBeNull()
  const again = await linchpin('unlink', 'Product', 'shop', id, 'erp')
  expect([again.exit, again.out]).toEqual([1, expect.stringContaining('is linked to nothing in erp')])
  expect((await linchpin('link', 'Product', 'shop', id, 'erp', target)).exit).toBe(0)
  expect(await linked()).toBe(target)
  const taken = await linchpin('link', 'Product', 'shop', '999999', 'erp', target)
  expect([taken.exit, taken.out]).toEqual([1, expect.stringContaining('linked to another record already')])
  expect((await linchpin('unlink', 'Order', 'shop', id, 'erp')).exit).toBe(2)
  const nowhere = await linchpin('link', 'Product', 'shopp', id, 'erp', target)
  expect([nowhere.exit, nowhere.err]).toEqual([2, expect.stringContaining('no connection named shopp')])
})

test('sync delivers what was lost over there, all of it or only what is named', async () => {
  const mug = () => rig.shop.products().find(({ sku }) => sku === 'MUG-ENAMEL')
  const lost = mug()
  if (!lost) throw new Error('The shop does not sell mugs.')
  // Not the figure of before: an order of the tests above may still take its mug from it.
  const isRight = (wrong: number) => (mug()?.stock_quantity ?? wrong) > wrong
  rig.shop.updateProduct(lost.id, { stock_quantity: 1 })
  const link = await rig.linchpin.store.links([
    { entity: 'Product', connection: 'shop', id: String(lost.id), to: 'erp' },
  ])
  const done = await linchpin('sync', 'stock-level-erp-to-shop', '--ids', String(link[0]))
  expect([done.exit, done.err]).toEqual([0, expect.stringContaining('1 records read, 1 deliveries owed.')])
  await until('the stock is right again', () => isRight(1))
  rig.shop.updateProduct(lost.id, { stock_quantity: 2 })
  expect((await linchpin('sync', 'stock-level-erp-to-shop')).exit).toBe(0)
  await until('the stock is right again', () => isRight(2))
})

test('a replay delivers anew what changed at the source since then, and writes nothing that would change nothing', async () => {
  const flow = 'product-erp-to-shop'
  const tried = () =>
    rig.linchpin.db.query<{ id: string }>('', 'select id from attempt where flow = $1 order by at', [flow])
  const replay = () => linchpin('replay', flow, '--since', '2020-01-01T00:00:00Z')
  const first = await replay()
  expect([first.exit, first.out]).toEqual([0, 'Done.\n'])
  const [, records, owed] = /^(\d+) records since 2020-\S+, (\d+) deliveries owed/.exec(first.err) ?? []
  expect(Number(records)).toBeGreaterThan(5)
  expect(Number(owed)).toBeGreaterThanOrEqual(Number(records))
  const before = await tried()
  expect((await replay()).exit).toBe(0)
  expect(await tried()).toEqual(before)
  const id = before[0]?.id
  await rig.linchpin.db.query('', "update delivery set sent_hash = 'older' where flow = $1 and id = $2", [
    flow,
    id,
  ])
  expect((await replay()).exit).toBe(0)
  expect((await tried()).slice(before.length)).toEqual([{ id }])
})

describe('what is parked', () => {
  test('is shown with its cause, is tried again, and makes a sync partly done', async () => {
    const id = await parkOrder()
    const parked = await linchpin('parked', '--flow', ORDERS)
    expect(parked.exit).toBe(0)
    expect(parked.out).toMatch(/UNKNOWN-\d+ is not in Odoo/)
    expect((await linchpin('sync', ORDERS, '--ids', id)).exit).toBe(3)
    expect(await json('retry', id, '--flow', ORDERS)).toEqual({ count: 1 })
    await until('it is parked again', async () => (await parkedIds()).includes(id))
  })

  test('is given up with a reason, and only once', async () => {
    const id = await parkOrder()
    const skip = ['skip', id, '--flow', ORDERS, '--reason', 'The customer called it off.']
    expect(await linchpin(...skip)).toMatchObject({ exit: 0, out: '1 were given up.\n' })
    expect(await parkedIds()).not.toContain(id)
    expect((await linchpin(...skip)).exit).toBe(1)
    const story = await linchpin('trace', id, '--journal')
    expect(story.out).toContain('The customer called it off.')
  })

  test('needs to be named, and a reason needs words', async () => {
    expect(await linchpin('retry')).toMatchObject({ exit: 2, err: expect.stringContaining('--all') })
    expect((await linchpin('skip', '1')).exit).toBe(2)
    expect(await linchpin('skip', '1', '--reason', 'x')).toMatchObject({
      exit: 2,
      err: expect.stringContaining('reason'),
    })
    expect((await linchpin('retry', '--flow', 'product-erp-to-shop')).exit).toBe(1)
  })

  test('an answer to a question that nobody asked is a failure, and must be one of two', async () => {
    expect((await linchpin('answer', ORDERS, '1', '--not-there')).exit).toBe(1)
    expect((await linchpin('answer', ORDERS, '1')).exit).toBe(2)
    expect((await linchpin('answer', ORDERS, '1', '--not-there', '--arrived', '7')).exit).toBe(2)
  })
})

test('a flow and a connection are paused with a reason, and go on', async () => {
  const pausedFlow = await linchpin('pause', ORDERS, '--reason', 'Stocktaking')
  expect(pausedFlow).toMatchObject({ exit: 0, out: `The flow ${ORDERS} is paused.\n` })
  expect((await linchpin('status')).out).toContain('paused: Stocktaking')
  expect((await linchpin('pause', 'erp')).exit).toBe(0)
  expect((await linchpin('status')).out).toMatch(/erp +odoo +paused/)
  expect(await json('resume', 'erp')).toEqual({ done: true })
  expect((await linchpin('resume', ORDERS)).exit).toBe(0)
  expect(await linchpin('resume', ORDERS)).toMatchObject({
    exit: 1,
    out: expect.stringContaining('was not paused'),
  })
  await rig.linchpin.store.leaveAlone('erp', Date.now() + 3_600_000)
  expect((await linchpin('resume', 'erp')).exit).toBe(1)
  expect((await linchpin('resume', 'erp', '--now')).exit).toBe(0)
  expect(await linchpin('pause', 'nothing')).toMatchObject({
    exit: 2,
    err: expect.stringMatching(/There are: .*\berp\b.*sales-order-shop-to-erp/),
  })
})

test('a plan is written to a file, and applied as it stands there', async () => {
  const mug = rig.shop.products().find(({ sku }) => sku === 'MUG-ENAMEL')
  rig.shop.updateProduct(mug?.id ?? 0, { name: 'A cup' })
  const planned = await linchpin('plan', 'all', '--out', 'plan.json')
  expect(planned).toMatchObject({ exit: 0, out: expect.stringContaining('linchpin apply plan.json') })
  expect(planned.out).toMatch(/product-erp-to-shop +\S*MUG-ENAMEL\S* · \d+ +update +name: A cup → /)
  const applied = await linchpin('apply', 'plan.json')
  expect(applied).toMatchObject({ exit: 0, out: expect.stringContaining('1 delivery done as planned.') })
  await until(
    'the name is right again',
    () => rig.shop.products().find(({ id }) => id === mug?.id)?.name === mug?.name,
  )
  expect(await linchpin('apply', 'plan.json')).toMatchObject({
    exit: 3,
    out: expect.stringMatching(/moved since[^]*1 left alone/),
  })
  expect((await linchpin('apply', 'no-such.json')).exit).toBe(2)
})

test('existing records are matched, read by a person in a file, and linked as it says there', async () => {
  rig.shop.createProduct({ name: 'Bell', sku: 'BELL-1', regular_price: '9', status: 'publish' })
  const bell = rig.shop.products().find(({ sku }) => sku === 'BELL-1')
  await linchpin('pause', 'product-erp-to-shop')
  rig.erp.orm.transaction(() =>
    rig.erp.orm.create('product.product', {
      name: 'Bell',
      default_code: 'BELL-1',
      lst_price: 9,
      type: 'consu',
    }),
  )
  const made = rig.erp.productId('BELL-1')
  const found = await linchpin('match', 'product-erp-to-shop', '--out', 'matches.json')
  expect(found).toMatchObject({ exit: 0, out: expect.stringContaining('Nothing was linked.') })
  const file = JSON.parse(readFileSync(join(folder, 'matches.json'), 'utf8')) as { records: { id: string }[] }
  const record = file.records.find(({ id }) => id === String(made))
  expect(record).toMatchObject({ is: 'sure', link: String(bell?.id), label: 'BELL-1' })
  expect((await linchpin('match', ORDERS, '--apply', 'matches.json')).exit).toBe(2)
  const applied = await linchpin('match', 'product-erp-to-shop', '--apply', 'matches.json')
  expect(applied).toMatchObject({ exit: 0, out: expect.stringContaining('linked, 0 left alone') })
  const key = { entity: 'Product', connection: 'erp', id: String(made), to: 'shop' } as const
  expect(await rig.linchpin.store.links([key])).toEqual([String(bell?.id)])
  await linchpin('resume', 'product-erp-to-shop')
})

test('a comparison of all flows goes on where one cannot be compared, and says so', async () => {
  const isInvoice = async (request: Request) =>
    `${request.url} ${await request.clone().text()}`.includes('account.move')
  rig.slow.erp = async request =>
    (await isInvoice(request)) ? new Response(null, { status: 403 }) : rig.erp.handler(request)
  try {
    const all = await json<{
      flows: { flow: string; done: boolean }[]
      notCompared: { flow: string; why: string }[]
    }>('reconcile', 'all')
    expect(all.flows.map(({ flow }) => flow)).toEqual(expect.arrayContaining([ORDERS, 'price-erp-to-shop']))
    expect(all.flows.every(({ done }) => done)).toBe(true)
    expect(all.notCompared.map(({ flow }) => flow)).toContain('invoice-erp-to-shop')
  } finally {
    rig.slow.erp = null
  }
  const words = await linchpin('reconcile', 'stock-level-erp-to-shop')
  expect(words.out).toMatch(/stock-level-erp-to-shop +\d+ +\d+/)
  expect((await linchpin('reconcile', ORDERS, '--ids', '1')).exit).toBe(2)
})

test('a difference is looked at from both sides, written over after a dry run, and left out, on the command line', async () => {
  const flow = 'product-erp-to-shop'
  const rope = () => rig.shop.products().find(({ sku }) => sku === 'ROPE-10M')
  const id = String(rig.erp.orm.all('product.product').find(row => row['default_code'] === 'ROPE-10M')?.id)
  const rename = () => rig.shop.updateProduct(rope()?.id ?? 0, { name: 'A rope of the shop' })
  rename()
  const differ = async () => (await linchpin('reconcile', flow)).out.includes('A rope of the shop')
  expect(await differ()).toBe(true)
  const sides = await linchpin('sides', flow, id, '--now')
  expect(sides.out).toMatch(/name +Hemp rope.* +A rope of the shop +no +erp +the flow carries it +propose/)
  expect(sides.out).toContain('To erp: no flow carries it that way.')
  const dry = await linchpin('push', flow, id, 'shop')
  expect(dry.out).toMatch(/name +A rope of the shop +Hemp rope[^]*Nothing was done\. To do it: .* --apply/)
  expect(rope()?.name).toBe('A rope of the shop')
  expect((await linchpin('push', flow, id, 'erp', '--apply')).exit).toBe(1)
  expect((await linchpin('push', flow, id, 'shop', '--apply')).out).toContain('Its delivery is owed')
  await until('it is written', () => rope()?.name !== 'A rope of the shop')
  await until('nothing is under way', async () => (await rig.linchpin.store.owed(flow, [id])).length === 0)
  expect(await differ()).toBe(false)

  rename()
  expect(await differ()).toBe(true)
  expect((await linchpin('ignore', 'add', flow, 'nam', '--why', 'A mistake.')).err).toContain('name')
  expect((await linchpin('ignore', 'add', flow, 'name', '--why', 'Its own.')).exit).toBe(0)
  expect((await linchpin('ignore', 'list')).out).toMatch(/product-erp-to-shop +name +all +.*Its own\./)
  expect(await differ()).toBe(false)
  expect((await linchpin('ignore', 'end', flow, 'name')).out).toContain('counts again')
  expect((await linchpin('ignore', 'end', flow, 'name')).exit).toBe(1)
  expect(await differ()).toBe(true)
})

test('a connection test says version, clock and a sample', async () => {
  const test = await linchpin('connection', 'test', 'erp')
  expect(test.exit).toBe(0)
  expect(test.out).toMatch(/erp \(odoo\): ✓ up[^]*version: Odoo[^]*sample: \w+ .+ reads well/)
  expect(await json('connection', 'test', 'shop')).toMatchObject({
    name: 'shop',
    is: 'up',
    sample: { readable: true },
  })
  expect((await linchpin('connection', 'test', 'nothing')).exit).toBe(2)
})

describe('the exit status', () => {
  test('is 2 for what is not understood, with the nearest right thing', async () => {
    expect(await linchpin('status', '--jsn')).toMatchObject({
      exit: 2,
      err: expect.stringContaining('Did you mean --json?'),
    })
    expect(await linchpin('statsu')).toMatchObject({
      exit: 2,
      err: expect.stringContaining('Did you mean status?'),
    })
    expect(await linchpin('replay', ORDERS, '--since', 'yesterday')).toMatchObject({
      exit: 2,
      err: expect.stringContaining('2026-11-23'),
    })
    expect((await linchpin('replay', ORDERS)).exit).toBe(2)
    expect((await linchpin('sync')).exit).toBe(2)
    const asData = await linchpin('trace', '--json')
    expect([asData.exit, asData.data()]).toEqual([2, { error: "missing required argument 'number'" }])
    expect(await linchpin('sync', 'nothing')).toMatchObject({
      exit: 2,
      err: expect.stringContaining('There are:'),
    })
    expect((await linchpin('demo', 'order', '--lines', 'many')).exit).toBe(2)
  })

  test('is 0 for help and the version', async () => {
    expect((await linchpin('--help')).exit).toBe(0)
    expect(await linchpin('--version')).toMatchObject({
      exit: 0,
      out: expect.stringMatching(/^\d+\.\d+\.\d+/),
    })
  })

  test('is 4 where nobody answers, with what to do', async () => {
    const nobody = await run(['status', '--url', 'http://127.0.0.1:9'], { folder })
    expect([nobody.exit, nobody.err]).toEqual([4, expect.stringContaining('Start it with "linchpin start"')])
  })

  test('is 4 where the other system is not there', async () => {
    rig.erp.faults.always(() => ({ is: 'answer', status: 503 }))
    try {
      expect((await linchpin('sync', 'product-erp-to-shop', '--dry-run')).exit).toBe(4)
      expect(await linchpin('connection', 'test', 'erp')).toMatchObject({
        exit: 4,
        out: expect.stringContaining('✗ down'),
      })
    } finally {
      rig.erp.faults.always(null)
    }
  })
})

describe('a first load', () => {
  const PRODUCTS = 'product-erp-to-shop'
  interface Told {
    readonly loads: readonly { phase: string; would: Record<string, number>; read: number; total: number }[]
  }

  test('says what it would do, does it when told to, and tells how far it is', async () => {
    const early = await linchpin('load', PRODUCTS, '--go')
    expect([early.exit, early.err]).toEqual([1, expect.stringContaining('look first')])
    const looked = (await json<Told>('load', PRODUCTS)).loads[0]
    expect(looked).toMatchObject({ phase: 'looked' })
    expect(looked?.would['nothing']).toBeGreaterThan(5)
    expect((await linchpin('load', PRODUCTS)).out).toContain(
      'Nothing was done. To do it: linchpin load … --go',
    )
    const done = (await json<Told>('load', PRODUCTS, '--go')).loads[0]
    expect(done).toMatchObject({ phase: 'done', read: looked?.total })
    expect((await linchpin('load', PRODUCTS, '--go')).err).toContain('loaded already')
  })

  test('of a name that there is not says which there are', async () => {
    expect((await linchpin('load', 'prodcts')).err).toContain('There are:')
  })
})

test('a flow that does not work in batches has no runs, and says so', async () => {
  expect((await linchpin('runs', ORDERS)).out).toBe('It does not work in batches.\n')
  expect(await json('runs', ORDERS)).toEqual({ runs: [], nextAt: null })
})

test('a configuration in the folder says where its Linchpin listens', async () => {
  const { port } = new URL(rig.url)
  writeFileSync(join(folder, 'linchpin.config.yaml'), `http: { port: ${port} }\nconnections: {}\nflows: []\n`)
  try {
    expect((await run(['status'], { folder })).exit).toBe(0)
  } finally {
    rmSync(join(folder, 'linchpin.config.yaml'))
  }
})
