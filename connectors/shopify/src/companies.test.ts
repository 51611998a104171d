import type { Outcome } from '@linchpin/connector'
import { makeLab, type Lab } from '@linchpin/connector/conformance'
import { fetchFrom, Shelf } from '@linchpin/lookalike'
import { applyMapping, compileMapping } from '@linchpin/mapping'
import { entities, type Account, type PriceList, type SalesOrder } from '@linchpin/model'
import { beforeEach, describe, expect, test } from 'vitest'
import { fakeShopify, type FakeShopify } from './fake/fake-shopify.ts'
import { register } from './fake/people.ts'
import type { Session } from './session.ts'
import { shopify } from './shopify.ts'

const app = { clientId: 'linchpin', clientSecret: 'a-secret-of-the-tests' }
const day = 86_400_000
const { Account: accounts, PriceList: lists, SalesOrder: orders } = shopify.entities

describe("a shop that sells to companies, at Shopify's look-alike", () => {
  let fake: FakeShopify
  let lab: Lab
  let session: Session
  /** What others do just before Shopify gets this request of ours. */
  let meanwhile: (body: string) => void

  beforeEach(async () => {
    meanwhile = () => {}
    lab = makeLab((url, init) => {
      meanwhile(JSON.stringify(init?.body ?? ''))
      return fetchFrom(fake.handler)(url, init)
    })
    fake = fakeShopify({ shelf: new Shelf(null), now: lab.now, ...app, restoreRate: 1_000_000 })
    session = await connect({ companies: true })
  })

  const engines: Account = {
    id: '31',
    kind: 'company',
    name: 'Analytical Engines',
    vatId: 'DE136695976',
    email: 'office@engines.example',
    contacts: [{ id: '1', name: 'Ada Lovelace', email: 'ada@example.com', role: 'Buyer' }],
    billingAddress: { name: 'Ada Lovelace', streetName: 'Rechenweg 1', cityName: 'Berlin', country: 'DE' },
  }

  test('an order of a company is of its location, with its VAT number, and not of who placed it', async () => {
    const location = companyWith('ada@example.com')
    const { id } = fake.placeOrder({ ...basket(), email: 'ada@example.com', companyLocation: location })
    const { buyer } = await orderOf(session, id)
    expect(buyer).toMatchObject({
      id: `location/${location}`,
      kind: 'company',
      name: 'Engines',
      vatId: 'DE136695976',
    })
    expect(buyer.guest).not.toBe(true)
    const [shot] = await accounts!.get!(session, [buyer.id])
    expect(mapped('Account', shot?.row)).toMatchObject({ id: buyer.id, name: 'Engines', kind: 'company' })
  })

  test('where companies are not used it is one of the customer who placed it', async () => {
    const location = companyWith('ada@example.com')
    const { id } = fake.placeOrder({ ...basket(), email: 'ada@example.com', companyLocation: location })
    const other = await connect({})
    expect((await orderOf(other, id)).buyer.id).toBe(fake.books.customers.all()[0]?.id)
    expect(shopify.entitiesFor?.(other.settings)).not.toHaveProperty('PriceList')
  })

  test('customers and companies are swept one after the other, each once', async () => {
    for (const name of ['ida', 'eva']) register(fake.books, { email: `${name}@example.com` })
    const location = companyWith('ada@example.com')
    lab.advance(day)
    const told: string[] = []
    let after: string | null = null
    for (let pages = 0; pages < 9; pages += 1) {
      const page: Awaited<ReturnType<NonNullable<(typeof accounts & object)['changes']>>> = await accounts!
        .changes!(session, after, 1)
      told.push(...page.items.map(({ id }) => id))
      after = page.next
      if (!page.more) break
    }
    const customers = fake.books.customers.all().map(({ id }) => id)
    expect(told.toSorted()).toEqual([...customers, `location/${location}`].toSorted())
  })

  test('a company of the ERP comes with its people, who may order at once', async () => {
    const ada = register(fake.books, { email: 'ada@example.com' })
    const outcome = await write('Account', engines)
    expect(outcome).toMatchObject({ is: 'applied' })
    expect(outcome).not.toHaveProperty('rest')
    const [company] = fake.books.companies.all()
    const [location] = fake.books.companyLocations.all()
    expect(company).toMatchObject({ name: 'Analytical Engines', externalId: 'erp/Account/31' })
    expect(location).toMatchObject({ taxRegistrationId: 'DE136695976' })
    expect(location?.billingAddress).toMatchObject({ recipient: 'Ada Lovelace', countryCode: 'DE' })
    expect(company?.contacts.map(({ customer }) => customer)).toContain(ada.id)
    expect(location?.people).toHaveLength(2)
    await write('Account', { ...engines, name: 'Difference Engines' }, idIn(outcome))
    expect(fake.books.companies.all()).toMatchObject([{ name: 'Difference Engines' }])
    expect(fake.books.customers.count()).toBe(2)
  })

  test('a person who joined and got no role then gets it the next time, and no second one', async () => {
    const id = idIn(await write('Account', engines))
    const [location] = fake.books.companyLocations.all()
    fake.books.companyLocations.put(location!.id, { ...location!, people: location!.people.slice(1) })
    expect(await write('Account', engines, id)).not.toHaveProperty('rest')
    expect(fake.books.companyLocations.get(location!.id)?.people).toHaveLength(2)
    const asked = fake.asked.length
    await write('Account', engines, id)
    expect(fake.asked.slice(asked).map(({ name }) => name)).not.toContain('GiveRole')
  })

  test('a person who joins just before we ask for it is let in, and may order', async () => {
    const ada = register(fake.books, { email: 'ada@example.com' })
    meanwhile = body => {
      const [company] = fake.books.companies.all()
      if (!company || !body.includes('mutation AssignContact(')) return
      const contact = { id: '999', customer: ada.id, title: null }
      fake.books.companies.put(company.id, { ...company, contacts: [...company.contacts, contact] })
    }
    expect(await write('Account', engines)).not.toHaveProperty('rest')
    expect(fake.books.companies.all()[0]?.contacts).toHaveLength(2)
    expect(fake.books.companyLocations.all()[0]?.people).toContain('999')
  })

  test('phone numbers and languages of a company and its people are such as Shopify takes', async () => {
    const [ada] = engines.contacts ?? []
    const outcome = await write('Account', {
      ...engines,
      phone: '+49 (30) 123-4567',
      language: 'de_DE',
      contacts: [
        { ...ada, phone: '+49 30 765/4321' },
        { id: '2', name: 'Ida', email: 'ida@example.com', phone: 'ask the porter' },
      ],
    })
    expect(outcome).toMatchObject({ is: 'applied' })
    expect(outcome).not.toHaveProperty('rest')
    expect(fake.books.companyLocations.all()).toMatchObject([{ phone: '+49301234567', locale: 'de' }])
    const phones = fake.books.customers.all().map(({ email, phone }) => [email, phone])
    expect(phones).toContainEqual(['ada@example.com', '+49307654321'])
    expect(phones).toContainEqual(['ida@example.com', null])
    const asked = fake.asked.length
    await write('Account', { ...engines, phone: '+49 30 1234567', language: 'de-DE' }, idIn(outcome))
    expect(fake.asked.slice(asked).map(({ name }) => name)).not.toContain('ChangeCompanyLocation')
  })

  test('a price list is a catalogue that its companies get, and loses those that the ERP takes off', async () => {
    const [mug, tea] = [product('MUG'), product('TEA')]
    const [one, two] = [companyWith('one@example.com'), companyWith('two@example.com')]
    const dealers: PriceList = {
      id: '5',
      name: 'Dealers',
      currency: 'EUR',
      taxInclusive: true,
      accounts: ['one', 'two'],
      items: [
        { product: 'mug', amount: '7.50' },
        { product: 'mug', minimumQuantity: '10', amount: '6.00' },
        { product: 'tea', amount: '3.00' },
      ],
    }
    const links = { mug, tea, one: `location/${one}`, two: `location/${two}` }
    const outcome = await write('PriceList', dealers, null, links)
    expect(outcome).not.toHaveProperty('rest')
    const id = idIn(outcome)
    expect(await listOf(id)).toMatchObject({
      name: 'Dealers',
      active: true,
      accounts: [links.one, links.two],
      items: [
        { product: mug, amount: '7.50' },
        { product: mug, minimumQuantity: '10', amount: '6.00' },
        { product: tea, amount: '3.00' },
      ],
    })
    const fewer = { ...dealers, accounts: ['two'], items: dealers.items.slice(0, 1) }
    await write('PriceList', fewer, id, links)
    expect(await listOf(id)).toMatchObject({
      accounts: [links.two],
      items: [{ product: mug, amount: '7.50' }],
    })
    const asked = fake.asked.length
    await write('PriceList', fewer, id, links)
    const names = fake.asked.slice(asked).map(({ name }) => name)
    expect(names.filter(name => /^(Set|Give|Change|Rename|Create)/.test(name))).toEqual([])
  })

  test('of two prices in force for one quantity the season has its own, and the list is written once', async () => {
    const mug = product('MUG')
    const at = (days: number) => new Date(lab.now() + days * day).toISOString()
    const season = { product: 'mug', from: at(-1), to: at(1) }
    const list = {
      id: '7',
      name: 'Dealers',
      currency: 'EUR',
      taxInclusive: true,
      items: [
        { ...season, amount: '7.00' },
        { ...season, amount: '5.00', minimumQuantity: '10' },
        { product: 'mug', amount: '7.50' },
        { product: 'mug', amount: '6.00', minimumQuantity: '10' },
        { product: 'mug', amount: '5.50', minimumQuantity: '10', to: at(9) },
      ],
    }
    const id = idIn(await write('PriceList', list, null, { mug }))
    expect((await listOf(id)).items).toEqual([
      { product: mug, amount: '7.00' },
      { product: mug, amount: '5.00', minimumQuantity: '10' },
    ])
    const asked = fake.asked.length
    await write('PriceList', list, id, { mug })
    expect(fake.asked.slice(asked).map(({ name }) => name)).not.toContain('SetListPrices')
    lab.advance(2 * day)
    await write('PriceList', list, id, { mug })
    expect((await listOf(id)).items).toEqual([
      { product: mug, amount: '7.50' },
      { product: mug, amount: '5.50', minimumQuantity: '10' },
    ])
  })

  test('a list that begins later is a draft until then, and one for customers says who cannot have it', async () => {
    const from = new Date(lab.now() + day).toISOString()
    const list = { id: '6', name: 'Summer', currency: 'EUR', taxInclusive: true, items: [], from }
    const outcome = await write('PriceList', list)
    expect(outcome).toMatchObject({ is: 'applied', again: lab.now() + day })
    expect(await listOf(idIn(outcome))).toMatchObject({ active: false })
    lab.advance(day)
    const later = await write('PriceList', { ...list, accounts: ['ada'] }, idIn(outcome), { ada: '7' })
    expect(later).toMatchObject({ rest: { kind: 'refused' } })
    expect(await listOf(idIn(outcome))).toMatchObject({ active: true })
  })

  test('the connection test says which right is missing', async () => {
    fake = fakeShopify({ shelf: new Shelf(null), now: lab.now, ...app, scopes: ['write_customers'] })
    const { notes } = await shopify.health(await connect({ companies: true }))
    expect(notes.join('\n')).toMatch(/may not read companies.*read_companies/)
  })

  async function connect(given: object): Promise<Session> {
    const settings = { url: 'https://example.myshopify.com', ...app, ...given }
    return shopify.open(shopify.settings.parse(settings), lab)
  }

  function companyWith(email: string): string {
    const name = fake.books.companies.count() === 0 ? 'Engines' : `Engines ${fake.books.companies.count()}`
    register(fake.books, { email })
    return fake.addCompany(name, 'DE136695976')
  }

  const product = (sku: string) => fake.addProduct({ sku, name: sku, price: 1000, stock: 10 })
  const basket = () => ({ lines: [{ variant: product('MUG'), quantity: 1 }] })

  async function orderOf(by: Session, id: string): Promise<SalesOrder> {
    const [shot] = await orders!.get!(by, [id])
    return mapped('SalesOrder', shot?.row) as SalesOrder
  }

  async function listOf(id: string) {
    const [shot] = await lists!.get!(session, [id])
    return mapped('PriceList', shot?.row) as PriceList
  }

  async function write(
    name: 'Account' | 'PriceList',
    record: Readonly<Record<string, unknown>>,
    id: string | null = null,
    links: Readonly<Record<string, string>> = {},
  ): Promise<Outcome> {
    const writer = shopify.entities[name]!.writer!
    const link = (asked: { readonly id: string }) => links[asked.id] ?? null
    const { value } = applyMapping(compileMapping(writer.mapping), record, { link })
    const row = writer.schema.parse(value)
    const [outcome] = await writer.write(session, [{ key: `erp/${name}/${String(record['id'])}`, id, row }])
    return outcome!
  }
})

function mapped(name: 'Account' | 'PriceList' | 'SalesOrder', row: unknown) {
  const { mapping } = shopify.entities[name]!
  return entities[name].parse(applyMapping(compileMapping(mapping), row, { link: () => null }).value)
}

const idIn = (outcome: Outcome): string => ('id' in outcome ? outcome.id : '')
