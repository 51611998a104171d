import type { Outcome } from '@linchpin/connector'
import { makeLab } from '@linchpin/connector/conformance'
import { fetchFrom, Shelf } from '@linchpin/lookalike'
import { beforeEach, expect, test } from 'vitest'
import type { AccountWrite } from './account-writer.ts'
import { fakeShopify, type FakeShopify } from './fake/fake-shopify.ts'
import { openCompany } from './fake/companies.ts'
import { register } from './fake/people.ts'
import type { Session } from './session.ts'
import { shopify } from './shopify.ts'

const app = { clientId: 'linchpin', clientSecret: 'a-secret-of-the-tests' }
const email = 'ada@lovelace.example'
const person: AccountWrite = {
  email,
  firstName: 'Ada',
  lastName: '"Countess" Lovelace',
  vatId: 'DE136695976',
  billingAddress: { firstName: 'Ada', address1: 'Rechenweg 1', countryCode: 'DE' },
}
const company: AccountWrite = { company: { name: '"Lovelace" Engines' }, contacts: [{ email }] }

let fake: FakeShopify
let session: Session
/** The mutation that Shopify refuses, by the name that we give it, and the field that it answers then. */
let refused: readonly [string, string]

beforeEach(async () => {
  const lab = makeLab(async (url, init) => {
    const [name, field] = refused
    if (!JSON.stringify(init?.body ?? '').includes(`mutation ${name}(`))
      return fetchFrom(fake.handler)(url, init)
    const userErrors = [{ field: null, message: 'Not like this.', code: 'INVALID' }]
    return Response.json({
      data: { [field]: { userErrors, customer: null, company: null, companyContact: null } },
    })
  })
  fake = fakeShopify({ shelf: new Shelf(null), now: lab.now, ...app, restoreRate: 1_000_000 })
  const settings = { url: 'https://example.myshopify.com', ...app, companies: true }
  session = await shopify.open(shopify.settings.parse(settings), lab)
})

/** Who is there before: what is written changes them. */
const there = {
  nobody: () => null,
  customer: () => register(fake.books, { email, lastName: 'Lovelace' }).id,
  company: () => `location/${openCompany(fake.books, { company: { name: 'Engines of Lovelace' } }).location}`,
}

test.each([
  ['CreateCustomer', 'customerCreate', person, 'nobody'],
  ['UpdateCustomer', 'customerUpdate', person, 'customer'],
  ['AddAddress', 'customerAddressCreate', person, 'nobody'],
  ['SetMetafields', 'metafieldsSet', person, 'nobody'],
  ['CreateCompany', 'companyCreate', company, 'nobody'],
  ['RenameCompany', 'companyUpdate', company, 'company'],
  ['CreateContact', 'contact', company, 'nobody'],
  ['GiveRole', 'companyContactAssignRole', company, 'nobody'],
] as const)(
  'when Shopify refuses %s, names and e-mail addresses are quoted',
  async (name, field, row, who) => {
    refused = [name, field]
    const write = { key: 'erp/Account/1', id: there[who](), row }
    const [outcome] = await shopify.entities.Account!.writer!.write(session, [write])
    const words = wordsOf(outcome)
    expect(words).toContain('Not like this.')
    expect(words.replace(/"[^"]*"/g, '')).not.toMatch(/Ada|Lovelace|Countess|Engines|@/i)
  },
)

function wordsOf(outcome: Outcome | undefined): string {
  if (outcome?.is === 'applied') return outcome.rest?.message ?? ''
  return outcome?.problem.message ?? ''
}
