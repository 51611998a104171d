import { tryton } from '@linchpin/connector-tryton'
import { conformance, type MakeRig, type Rig } from '@linchpin/connector/conformance'
import type { EntityName } from '@linchpin/model'
import { afterAll, beforeAll, describe, test } from 'vitest'
import { keepWhole, ledger } from '../../../scripts/conformance/ledger.ts'
import { decimal } from './rpc.ts'
import { CannotRun, startTryton, type Tryton } from './start.ts'

/**
 * The promises that every connector keeps, tried on a real Tryton 6.0. One server serves all checks; before each one
 * the tables of its entity are emptied, so that it meets a house as empty as a look-alike's.
 */

let erp: Tryton
let why = ''
const house = { party: 0, address: 0, mug: 0 }
let turns = 0
const next = () => `${(turns += 1)}`
const password = 'linchpin-live'

beforeAll(async () => {
  try {
    erp = await startTryton({ dir: '.live/tryton', log: line => console.log(line) })
  } catch (error) {
    if (!(error instanceof CannotRun)) throw error
    why = error.message
    return
  }
  const { people } = erp
  house.mug = Number(
    await people.makeProduct({ sku: 'MUG-1', name: 'Mug', price: '10.00', rate: '19', stock: 100_000 }),
  )
  house.party = await people.create('party.party', {
    name: 'Buyer',
    code: 'BUYER',
    addresses: [['create', [{ city: 'Berlin' }]]],
  })
  ;[house.address = 0] = await people.search('party.address', [['party', '=', house.party]])
})
afterAll(async () => erp?.stop())

const checks = ledger()
afterAll(() => keepWhole('tryton', 'Tryton 6.0', checks, Date.now()))

const DOCUMENTS = 'sale_sale, account_invoice, stock_shipment_out, stock_package'
const emptied = {
  documents: () =>
    `truncate ${DOCUMENTS} cascade; delete from stock_move where origin like 'sale.line,%' or shipment is not null`,
  parties: () => `truncate ${DOCUMENTS} cascade; delete from party_party where id > ${house.party}`,
  products: () => `truncate ${DOCUMENTS} cascade; delete from stock_move where product > ${house.mug};
    delete from stock_inventory_line where product > ${house.mug}; truncate product_price_list cascade;
    delete from product_product where id > ${house.mug}; delete from product_template where id > (select template from product_product where id = ${house.mug})`,
  priceLists: () => 'truncate product_price_list cascade',
}

type Parts = Partial<Rig> & {
  readonly seed: Rig['seed']
  readonly held: (people: Tryton['people']) => Promise<readonly number[]>
}

function rig(entity: EntityName, empty: () => string, { held, ...parts }: Parts): MakeRig {
  return () => {
    let started = false
    const begin = () => {
      if (!started) erp.sql(empty())
      started = true
    }
    const settings = erp
      ? { url: erp.url, database: erp.database, username: erp.username, password: erp.password }
      : { url: 'http://127.0.0.1:1', database: 'none', username: 'admin', password }
    return {
      connector: tryton,
      settings: tryton.settings.parse(settings),
      secret: password,
      entity,
      reports: { gone: false },
      remote: async (url, init) => {
        begin()
        return fetch(url, { ...init, signal: null })
      },
      ...parts,
      seed: async (count, same) => {
        begin()
        await parts.seed(count, same)
      },
      ids: async () => {
        begin()
        return (await held(erp.people)).map(String)
      },
    }
  }
}

/** Several in one transaction carry one stamp, which is what "the same instant" is here. */
async function several(
  count: number,
  same: boolean | undefined,
  model: string,
  values: () => object,
): Promise<number[]> {
  const rows = Array.from({ length: count }, values)
  const groups = same === true ? [rows] : rows.map(row => [row])
  const made: number[] = []
  for (const group of groups)
    made.push(...((await erp.people.rpc.call(`model.${model}.create`, [group])) as number[]))
  return made
}

const sale = (line = {}) => ({
  party: house.party,
  invoice_address: house.address,
  shipment_address: house.address,
  warehouse: 5,
  comment: 'theirs',
  lines: [
    [
      'create',
      [
        {
          type: 'line',
          product: house.mug,
          unit: 1,
          quantity: 2,
          unit_price: decimal('10.00'),
          taxes: [['add', [1]]],
          ...line,
        },
      ],
    ],
  ],
})

async function confirmed(count: number, same?: boolean): Promise<number[]> {
  const sales = await several(count, same, 'sale.sale', sale)
  const groups = same === true ? [sales] : sales.map(id => [id])
  for (const group of groups)
    for (const name of ['quote', 'confirm']) await erp.people.rpc.call(`model.sale.sale.${name}`, [group])
  return sales
}

async function invoiced(count: number): Promise<number> {
  let last = 0
  for (const order of await confirmed(count)) {
    await erp.people.ship(String(order), `TRACK-${next()}`)
    for (const invoice of (await erp.people.order(String(order))).invoices) {
      await erp.people.post(invoice)
      last = invoice
    }
  }
  return last
}

const orderRow = (own: object, rate = '19') => ({
  party: String(house.party),
  state: 'processing',
  currency: 'EUR',
  invoice_address: { party_name: 'Ada', street: 'Hauptstr. 1', city: 'Berlin', country: 'DE' },
  lines: [
    {
      kind: 'item',
      product: String(house.mug),
      description: 'Mug',
      quantity: '2',
      amount: '20.00',
      tax_amount: '3.80',
      taxes: [{ rate, amount: '3.80' }],
    },
  ],
  charges: [],
  total_amount: '23.80',
  ...own,
})
const unique = (text: string) => Buffer.from(text).toString('hex').slice(0, 24)

const rigs: Readonly<Partial<Record<EntityName, MakeRig>>> = {
  Product: rig('Product', emptied.products, {
    held: people => people.search('product.product', []),
    seed: async count => {
      for (let turn = 0; turn < count; turn += 1)
        await erp.people.makeProduct({ sku: `SKU-${next()}`, name: 'Thing', price: '1.00', rate: '19' })
    },
    touch: async id => erp.people.write('product.product', id, { description: `touched ${next()}` }),
    remove: async id => {
      // What was sold or ordered cannot be removed, so the products of the house go by a short cut.
      erp.sql(
        `delete from stock_move where product = ${id}; delete from stock_inventory_line where product = ${id}; delete from product_product where id = ${id}`,
      )
    },
    row: text => ({ code: `S-${unique(text)}`, name: text, tax_percent: '19' }),
    rowWithoutText: () => ({ tax_percent: '7' }),
    badRow: () => ({ code: 'BAD', name: 'Bad', tax_percent: '16' }),
    textOf: row => (row as { name: string }).name,
  }),
  Account: rig('Account', emptied.parties, {
    held: people => people.search('party.party', []),
    seed: async (count, same) => {
      await several(count, same, 'party.party', () => ({ name: `Party ${next()}` }))
    },
    touch: async id => erp.people.write('party.party', id, { name: `touched ${next()}` }),
    row: text => ({
      name: text,
      email: `${unique(text)}@example.org`,
      invoice_address: { street: 'Hauptstr. 1', city: 'Berlin', country: 'DE' },
    }),
    rowWithoutText: () => ({ phone: '+49 30 901820' }),
    badRow: () => ({ name: 'Bad', eu_vat: 'DE1' }),
    textOf: row => (row as { name: string }).name,
  }),
  SalesOrder: rig('SalesOrder', emptied.documents, {
    held: people => people.search('sale.sale', []),
    seed: async (count, same) => {
      await several(count, same, 'sale.sale', sale)
    },
    touch: async id => erp.people.write('sale.sale', id, { comment: `touched ${next()}` }),
    remove: async id => erp.people.delete('sale.sale', id),
    row: text => orderRow({ comment: text, reference: `N-${unique(text)}` }),
    rowWithoutText: () => orderRow({ reference: 'again' }),
    badRow: () => orderRow({ reference: 'bad' }, '16'),
    textOf: row => (row as { comment: string }).comment,
  }),
  StockLevel: rig('StockLevel', emptied.products, {
    held: people => people.search('product.product', [['type', '=', 'goods']]),
    seed: async count => {
      for (let turn = 0; turn < count; turn += 1)
        await erp.people.makeProduct({
          sku: `SKU-${next()}`,
          name: 'Thing',
          price: '1.00',
          rate: '19',
          stock: 5,
        })
    },
    touch: async id => erp.people.countStock([[id, 1000 + Number(next())]]),
  }),
  Price: rig('Price', emptied.products, {
    held: people => people.search('product.product', []),
    seed: async count => {
      for (let turn = 0; turn < count; turn += 1)
        await erp.people.makeProduct({ sku: `SKU-${next()}`, name: 'Thing', price: '1.00', rate: '19' })
    },
    touch: async id => erp.people.setPrice(id, `${next()}.50`),
    row: text => ({ list_price: text }),
    rowWithoutText: () => ({ currency: 'EUR' }),
    badRow: () => ({ list_price: '1.00', currency: 'USD' }),
    textOf: row => (row as { list_price: string }).list_price,
    texts: ['1.00', '2.50', '3.3333', '4.00', '1000000.01'],
  }),
  PriceList: rig('PriceList', emptied.priceLists, {
    held: people => people.search('product.price_list', []),
    seed: async (count, same) => {
      await several(count, same, 'product.price_list', () => ({ name: `List ${next()}` }))
    },
    touch: async id => {
      await erp.people.create('product.price_list.line', {
        price_list: Number(id),
        product: house.mug,
        formula: `${next()}.50`,
      })
    },
    remove: async id => erp.people.delete('product.price_list', id),
    row: text => ({
      name: text,
      currency: 'EUR',
      tax_included: false,
      items: [{ product: String(house.mug), unit_price: '9.90' }],
    }),
    badRow: () => ({ name: 'In dollars', currency: 'USD', tax_included: false, items: [] }),
    textOf: row => (row as { name: string }).name,
  }),
  Shipment: rig('Shipment', emptied.documents, {
    held: people => people.search('stock.shipment.out', []),
    seed: async (count, same) => {
      await confirmed(count, same)
    },
    touch: async id => {
      const [type = await erp.people.create('stock.package.type', { name: 'Box' })] = await erp.people.search(
        'stock.package.type',
        [],
      )
      await erp.people.create('stock.package', {
        type,
        shipment: `stock.shipment.out,${id}`,
        shipping_reference: `TRACK-${next()}`,
      })
    },
  }),
  Invoice: rig('Invoice', emptied.documents, {
    held: people => people.search('account.invoice', [['number', '!=', null]]),
    seed: async count => {
      await invoiced(count)
    },
    withFile: async () => String(await invoiced(1)),
  }),
}

for (const [name, makeRig] of Object.entries(rigs))
  describe(`${name} at a real Tryton 6.0`, () => {
    for (const check of conformance(makeRig)) {
      const { name: title, skip } = check
      const run = checks.noted(name, check)
      // A broken line is tried on each request of a create, each time in an emptied house: minutes, on a busy machine.
      test.skipIf(skip !== null)(title, { timeout: 900_000 }, async context => {
        if (why !== '') return context.skip(why)
        await run()
      })
    }
  })
