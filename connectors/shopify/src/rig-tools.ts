import type { MakeRig, Rig } from '@linchpin/connector/conformance'
import { connectorFor, type Notification } from '@linchpin/connector'
import { fetchFrom, Shelf } from '@linchpin/lookalike'
import type { Books, Metafield } from './fake/books.ts'
import { fakeShopify, type FakeShopify } from './fake/fake-shopify.ts'
import { signed } from './fake/webhooks.ts'
import type { Settings } from './settings.ts'
import { shopify } from './shopify.ts'

const clientSecret = 'shpss-c4n4ry-of-the-rigs'
const dayBefore = Date.UTC(2029, 11, 31)

interface Bench {
  readonly fake: FakeShopify
  readonly books: Books
  readonly number: () => number
  /** Does this so many milliseconds from now. */
  readonly at: <Value>(ms: number, work: () => Value) => Value
  /** Makes a product; answers its variant. */
  readonly article: (given: { readonly price?: number; readonly stock?: number }) => string
  /** Someone orders two of a product. */
  readonly order: () => { readonly order: string; readonly product: string }
  readonly common: (
    records: () => readonly { readonly id: string }[],
    seed: () => void,
  ) => Pick<Rig, 'connector' | 'settings' | 'secret' | 'remote' | 'seed' | 'ids'>
}

export function rigFor(make: (bench: Bench) => Rig, given: Partial<Settings> = {}): MakeRig {
  return now => {
    let instant: number | null = null
    let counted = 0
    const number = () => (counted += 1)
    const fake = fakeShopify({
      shelf: new Shelf(null),
      now: () => instant ?? now(),
      clientId: 'linchpin',
      clientSecret,
      // The clock of the suite stands still, and a budget would never fill again; shopify.test.ts is about that.
      restoreRate: 1_000_000,
    })
    const article = (given: object) => {
      const at = number()
      return fake.addProduct({ sku: `MUG-${at}`, name: `Mug ${at}`, ...given })
    }
    const order = () => {
      const product = article({ price: 1199, stock: 10 })
      const email = `ada${number()}@example.com`
      const { id } = fake.placeOrder({ lines: [{ variant: product, quantity: 2 }], email })
      return { order: id, product }
    }
    const settings = { url: 'https://example.myshopify.com', clientId: 'linchpin', clientSecret, ...given }
    const parsed = shopify.settings.parse(settings)
    const during = <Value>(when: number, work: () => Value): Value => {
      instant = when
      try {
        return work()
      } finally {
        instant = null
      }
    }
    return make({
      fake,
      books: fake.books,
      number,
      at: (ms, work) => during(now() + ms, work),
      article,
      order,
      common: (records, seed) => ({
        connector: connectorFor(shopify, parsed),
        settings: parsed,
        secret: clientSecret,
        remote: fetchFrom(fake.handler),
        ids: async () => records().map(({ id }) => id),
        seed: async (wanted, sameInstant = false) => {
          for (let turn = 0; turn < wanted; turn += 1)
            during(dayBefore + (sameInstant ? 0 : turn * 1000), seed)
        },
      }),
    })
  }
}

/** As Shopify sends it. */
export function notifies(
  topic: string,
  payload: object,
  told?: readonly Notification[],
): NonNullable<Rig['webhook']> {
  const request = (name: string, by = clientSecret) => {
    const body = JSON.stringify(payload)
    const event = { topic: name.toUpperCase().replace('/', '_'), id: 'b54557e4' }
    return {
      url: '/webhooks/shop',
      headers: signed(by, event, body, 'example.myshopify.com', '2030-01-01T00:00:00Z'),
      body: new Uint8Array(Buffer.from(body)),
    }
  }
  return {
    genuine: request(topic),
    signedBy: by => request(topic, by),
    other: request('themes/publish'),
    signatureHeader: 'x-shopify-hmac-sha256',
    ...(told && { notifies: told }),
  }
}

type Owner = { readonly metafields: readonly Metafield[] }

export function addField(
  table: { get(id: string): Owner | undefined; put(id: string, row: never): unknown },
  books: Books,
  id: string,
  key: string,
  value: string,
): void {
  const there = table.get(id)
  const metafield = {
    id: books.next('metafield'),
    namespace: 'custom',
    key,
    type: 'single_line_text_field',
    value,
  }
  if (there) table.put(id, { ...there, metafields: [...there.metafields, metafield] } as never)
}

export const count = (books: Books): string => books.next('seed')

export const bill = (number: string) => ({
  number,
  status: 'posted',
  payable: '28.88',
  currency: 'EUR',
  url: 'https://linchpin.test/documents/1',
})

export function billsOf({ orders }: Books, key: string): readonly { readonly id: string }[] {
  return orders.all().flatMap(order => {
    const value = order.metafields.find(each => each.key === key)?.value ?? '[]'
    return (JSON.parse(value) as { number: string }[]).map(({ number }) => ({ id: `${order.id}/${number}` }))
  })
}
