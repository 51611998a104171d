import { medusa } from '@linchpin/connector-medusa'
import type { MakeRig, Rig } from '@linchpin/connector/conformance'
import { contentHash } from '@linchpin/model'
import { z } from 'zod'
import { withId, type Rest } from './rest.ts'
import type { Seeded } from './seed.ts'
import { Shopper } from './shopper.ts'
import type { RealMedusa } from './start.ts'

/**
 * A fresh remote for each check. Of orders that is a sales channel of their own; products and customers have no such walls
 * in Medusa, so all that are there are deleted when a check makes its first request, since a rig is made in no time. The
 * clock of a real shop cannot be moved, so `sameInstant` means nothing here.
 */
export function realRigs(shop: RealMedusa, seeded: Seeded): Readonly<Record<string, MakeRig>> {
  const rig = (
    prepare: (admin: Rest) => Promise<unknown>,
    settings: () => object = () => ({}),
  ): Pick<Rig, 'connector' | 'settings' | 'secret' | 'remote'> & { ready: () => Promise<Rest> } => {
    const { apiKey, admin } = seeded
    let prepared: Promise<unknown> | null = null
    const ready = async () => {
      await (prepared ??= prepare(admin))
      return admin
    }
    return {
      connector: medusa,
      settings: medusa.settings.parse({ url: shop.url, apiKey, ...settings() }),
      secret: apiKey,
      remote: async (url, init) => {
        await ready()
        return whole(await fetch(url, init))
      },
      ready,
    }
  }
  const times = async (wanted: number, work: () => Promise<unknown>) => {
    for (let number = 0; number < wanted; number += 1) await work()
  }
  return {
    Product: () => {
      const { ready, ...common } = rig(clearProducts)
      const token = `p${counted()}`
      const variantsNow = async () => variants(await ready())
      return {
        ...common,
        entity: 'Product',
        reports: { gone: false },
        seed: async wanted => times(wanted, async () => addProduct(await ready())),
        ids: async () => (await variantsNow()).map(({ id }) => id),
        touch: async id => {
          const product = (await variantsNow()).find(each => each.id === id)?.product_id ?? ''
          const title = `Touched ${counted()}`
          await (await ready()).post(`/admin/products/${product}`, { title }, z.unknown())
        },
        remove: async id => {
          const product = (await variantsNow()).find(each => each.id === id)?.product_id ?? ''
          await (await ready()).remove(`/admin/products/${product}`)
        },
        addField: async (id, name, value) => {
          const product = (await variantsNow()).find(each => each.id === id)?.product_id ?? ''
          const metadata = { [name]: value }
          await (await ready()).post(`/admin/products/${product}/variants/${id}`, { metadata }, z.unknown())
        },
        keys: async id => ({ sku: (await variantsNow()).find(each => each.id === id)?.sku ?? '' }),
        row: text => ({
          sku: `SKU-${token}-${contentHash(text).slice(0, 8)}`,
          name: text,
          active: true,
          taxRate: '7',
        }),
        rowWithoutText: () => ({ active: false }),
        badRow: () => ({ name: 'Without an SKU' }),
        textOf: row => (row as { name: string }).name,
      }
    },

    Account: () => {
      const { ready, ...common } = rig(clearCustomers)
      const token = `a${counted()}`
      const email = (name: string) => `${name}-${token}@example.test`
      const customersNow = async () => customers(await ready())
      return {
        ...common,
        entity: 'Account',
        reports: { gone: false },
        seed: async wanted =>
          times(wanted, async () => {
            const person = { email: email(`seed${counted()}`), first_name: 'Ada', last_name: 'L' }
            await (await ready()).make('/admin/customers', 'customer', person)
          }),
        ids: async () => (await customersNow()).map(({ id }) => id),
        touch: async id => {
          const last_name = `Touched ${counted()}`
          await (await ready()).post(`/admin/customers/${id}`, { last_name }, z.unknown())
        },
        remove: async id => (await ready()).remove(`/admin/customers/${id}`),
        addField: async (id, name, value) => {
          await (await ready()).post(`/admin/customers/${id}`, { metadata: { [name]: value } }, z.unknown())
        },
        keys: async id => ({ email: (await customersNow()).find(each => each.id === id)?.email ?? '' }),
        row: text => ({
          email: email(contentHash(text).slice(0, 8)),
          first_name: 'Ada',
          last_name: text,
          billingAddress: { first_name: 'Ada', address_1: 'Rechenweg 1', country_code: 'de' },
        }),
        rowWithoutText: () => ({ phone: '+49 30 1' }),
        badRow: () => ({ email: '', last_name: 'Bad' }),
        textOf: row => (row as { last_name: string }).last_name,
      }
    },

    SalesOrder: () => {
      const channel = { id: '', name: `Channel ${counted()}` }
      let till: Promise<Till> | null = null
      const { ready, ...common } = rig(
        async admin => {
          channel.id = await admin.make('/admin/sales-channels', 'sales_channel', { name: channel.name })
        },
        () => ({ salesChannel: channel.name }),
      )
      const open = async () => (till ??= openTill(await ready(), seeded, channel.id))
      return {
        ...common,
        entity: 'SalesOrder',
        reports: { gone: false },
        seed: async wanted =>
          times(wanted, async () => {
            const { shopper, variant } = await open()
            await shopper.buy(`guest${counted()}@example.test`, { [variant]: 1 })
          }),
        ids: async () => {
          const orders = z.object({ orders: z.array(withId) })
          const admin = await ready()
          const path = `/admin/orders?limit=1000&fields=id&sales_channel_id[]=${channel.id}`
          return (await admin.get(path, orders)).orders.map(({ id }) => id)
        },
        touch: async id => {
          const metadata = { touched: `${counted()}` }
          await (await ready()).post(`/admin/orders/${id}`, { metadata }, z.unknown())
        },
        addField: async (id, name, value) => {
          await (await ready()).post(`/admin/orders/${id}`, { metadata: { [name]: value } }, z.unknown())
        },
        row: text => ({ number: text }),
        rowWithoutText: () => ({ status: 'open' }),
        textOf: row => (row as { metadata: { linchpin_erp_number: string } }).metadata.linchpin_erp_number,
      }
    },
  }
}

let count = 0
const counted = () => (count += 1)

interface Till {
  readonly shopper: Shopper
  readonly variant: string
}

/** A channel in which something can be bought. */
async function openTill(admin: Rest, seeded: Seeded, channel: string): Promise<Till> {
  const { location, store } = seeded
  await admin.post(`/admin/stock-locations/${location}/sales-channels`, { add: [channel] }, z.unknown())
  const key = z.object({ api_key: z.object({ id: z.string(), token: z.string() }) })
  const { api_key } = await admin.post(
    '/admin/api-keys',
    { title: `Till ${counted()}`, type: 'publishable' },
    key,
  )
  await admin.post(`/admin/api-keys/${api_key.id}/sales-channels`, { add: [channel] }, z.unknown())
  const variant = await addProduct(admin, channel)
  const own = store.as({ 'x-publishable-api-key': api_key.token })
  return { shopper: new Shopper({ ...seeded, store: own }), variant }
}

/** A product of one variant that costs something and is not counted; answers the variant. */
async function addProduct(admin: Rest, channel?: string): Promise<string> {
  const number = counted()
  const { shipping_profiles } = await admin.get(
    '/admin/shipping-profiles',
    z.object({ shipping_profiles: z.array(withId) }),
  )
  const variant = {
    title: 'Default',
    sku: `SEED-${number}`,
    manage_inventory: false,
    options: { Title: 'Default' },
    prices: [{ currency_code: 'eur', amount: 11.99 }],
  }
  const { product } = await admin.post(
    '/admin/products',
    {
      title: `Seed ${number}`,
      handle: `seed-${number}`,
      status: 'published',
      shipping_profile_id: shipping_profiles[0]?.id,
      options: [{ title: 'Title', values: ['Default'] }],
      variants: [variant],
      ...(channel !== undefined && { sales_channels: [{ id: channel }] }),
    },
    z.object({ product: z.looseObject({ variants: z.tuple([withId]) }) }),
  )
  return product.variants[0].id
}

async function variants(admin: Rest) {
  const shape = z.object({
    variants: z.array(z.object({ id: z.string(), sku: z.string().nullable(), product_id: z.string() })),
  })
  return (await admin.get('/admin/product-variants?limit=1000&fields=id,sku,product_id', shape)).variants
}

async function customers(admin: Rest) {
  const shape = z.object({ customers: z.array(z.object({ id: z.string(), email: z.string().nullable() })) })
  return (await admin.get('/admin/customers?limit=1000&fields=id,email', shape)).customers
}

async function clearProducts(admin: Rest): Promise<void> {
  const { products } = await admin.get(
    '/admin/products?limit=1000&fields=id',
    z.object({ products: z.array(withId) }),
  )
  if (products.length === 0) return
  await admin.post('/admin/products/batch', { delete: products.map(({ id }) => id) }, z.unknown())
}

async function clearCustomers(admin: Rest): Promise<void> {
  for (const { id } of await customers(admin)) await admin.remove(`/admin/customers/${id}`)
}

/** With its body read to the end, as Linchpin reads it: a socket that is read from later sets timers of its own. */
async function whole(response: Response): Promise<Response> {
  const { status, headers } = response
  const body = await response.arrayBuffer()
  return new Response(body.byteLength === 0 ? null : body, { status, headers })
}
