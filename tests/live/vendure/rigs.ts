import { vendure } from '@linchpin/connector-vendure'
import type { MakeRig, Rig } from '@linchpin/connector/conformance'
import { contentHash } from '@linchpin/model'
import { z } from 'zod'
import { type GraphQl, withId } from './graphql.ts'
import { maker, openTill, signedIn, type Seeded } from './seed.ts'
import { Shopper } from './shopper.ts'
import type { RealVendure } from './start.ts'

/**
 * A fresh remote for each check: a channel of its own. It is made with the first request, since a rig is made in no
 * time. The clock of a real shop cannot be moved, so `sameInstant` means nothing here.
 */
export function realRigs(shop: RealVendure, seeded: Seeded): Readonly<Record<string, MakeRig>> {
  return {
    Product: () => {
      const channel = channelOf(shop, seeded)
      return {
        ...channel.common('productVariants', '', async admin => void (await addProduct(admin))),
        entity: 'Product',
        reports: { gone: false },
        touch: async id => {
          const admin = await channel.admin()
          const { productVariant } = await admin.ask(
            'query ($id: ID!) { productVariant(id: $id) { product { id } } }',
            { id },
            z.object({ productVariant: z.object({ product: withId }) }),
          )
          await maker(admin)('updateProduct', 'UpdateProductInput', {
            id: productVariant.product.id,
            translations: [{ languageCode: 'en', name: `Touched ${counted()}` }],
          })
        },
        remove: async id => {
          const mutation = 'mutation ($id: ID!) { deleteProductVariant(id: $id) { result } }'
          await (await channel.admin()).ask(mutation, { id }, z.unknown())
        },
        keys: async id => {
          const query = 'query ($id: ID!) { productVariant(id: $id) { sku } }'
          const shape = z.object({ productVariant: z.object({ sku: z.string() }) })
          return (await (await channel.admin()).ask(query, { id }, shape)).productVariant
        },
        row: text => ({
          sku: `SKU-${channel.token}-${contentHash(text).slice(0, 8)}`,
          name: text,
          taxRate: '7',
        }),
        rowWithoutText: () => ({ enabled: false }),
        badRow: () => ({ sku: 'BAD-1', name: 'Bad', taxRate: '5.5' }),
        textOf: row => (row as { name: string }).name,
      }
    },

    Account: () => {
      const channel = channelOf(shop, seeded)
      const email = (name: string) => `${name}-${channel.token}@example.test`
      return {
        ...channel.common('customers', '', async admin => {
          const input = { emailAddress: email(`seed${counted()}`), firstName: 'Ada', lastName: 'L' }
          await maker(admin)('createCustomer', 'CreateCustomerInput', input)
        }),
        entity: 'Account',
        reports: { gone: false },
        touch: async id =>
          void (await maker(await channel.admin())('updateCustomer', 'UpdateCustomerInput', {
            id,
            lastName: `Touched ${counted()}`,
          })),
        remove: async id => {
          const mutation = 'mutation ($id: ID!) { deleteCustomer(id: $id) { result } }'
          await (await channel.admin()).ask(mutation, { id }, z.unknown())
        },
        keys: async id => {
          const query = 'query ($id: ID!) { customer(id: $id) { emailAddress } }'
          const shape = z.object({ customer: z.object({ emailAddress: z.string() }) })
          const { customer } = await (await channel.admin()).ask(query, { id }, shape)
          return { email: customer.emailAddress }
        },
        row: text => ({
          emailAddress: email(contentHash(text).slice(0, 8)),
          firstName: 'Ada',
          lastName: text,
          billingAddress: { fullName: 'Ada', streetLine1: 'Rechenweg 1', countryCode: 'DE' },
        }),
        rowWithoutText: () => ({ phoneNumber: '+49 30 1' }),
        badRow: () => ({ emailAddress: '', lastName: 'Bad' }),
        textOf: row => (row as { lastName: string }).lastName,
      }
    },

    SalesOrder: () => {
      const channel = channelOf(shop, seeded)
      const setField = async (id: string, name: string, value: unknown) =>
        void (await (
          await channel.admin()
        ).ask(
          'mutation ($input: UpdateOrderInput!) { setOrderCustomFields(input: $input) { id } }',
          { input: { id, customFields: { [name]: value } } },
          z.unknown(),
        ))
      let variant: string | null = null
      return {
        ...channel.common('orders', 'filter: { orderPlacedAt: { isNull: false } }', async admin => {
          if (variant === null) await openTill(admin)
          variant ??= await addProduct(admin)
          const shopper = new Shopper(shop.shopUrl, channel.token)
          await shopper.order({ lines: [{ variant, quantity: 1 }] }, `guest${counted()}@example.test`)
        }),
        entity: 'SalesOrder',
        reports: { gone: false },
        touch: id => setField(id, 'invoices', [`Touched ${counted()}`]),
        row: text => ({ number: text }),
        rowWithoutText: () => ({ cancelled: false }),
        // Its column for a short text has 255 characters.
        texts: ['one', 'two', 'three', '😈', 'O\'Neill \\ "quoted"', ' edge ', '{{7*7}} %s ${x}'],
        textOf: row => (row as { customFields: { erpNumber: string } }).customFields.erpNumber,
      }
    },
  }
}

let count = 0
const counted = () => (count += 1)

function channelOf(shop: RealVendure, { zone, stockLocation }: Seeded) {
  const token = `rig${counted()}`
  let made: Promise<GraphQl> | null = null
  const make = async () => {
    const channelId = await maker(await signedIn(shop))('createChannel', 'CreateChannelInput', {
      code: token,
      token,
      defaultLanguageCode: 'en',
      defaultCurrencyCode: 'EUR',
      availableCurrencyCodes: ['EUR'],
      pricesIncludeTax: true,
      defaultTaxZoneId: zone,
      defaultShippingZoneId: zone,
    })
    await (
      await signedIn(shop)
    ).ask(
      'mutation ($input: AssignStockLocationsToChannelInput!) { assignStockLocationsToChannel(input: $input) { id } }',
      { input: { channelId, stockLocationIds: [stockLocation] } },
      z.unknown(),
    )
    return signedIn(shop, token)
  }
  const admin = () => (made ??= make())
  const { adminUrl: url, username, password } = shop
  const common = (
    list: string,
    options: string,
    seed: (admin: GraphQl) => Promise<void>,
  ): Omit<Rig, 'entity'> => ({
    connector: vendure,
    settings: vendure.settings.parse({ url, username, password, channel: token }),
    secret: password,
    remote: async (address, init) => {
      await admin()
      return fetch(address, init)
    },
    seed: async wanted => {
      for (let number = 0; number < wanted; number += 1) await seed(await admin())
    },
    ids: async () => {
      const query = `{ list: ${list}(options: { take: 1000 ${options} }) { items { id } } }`
      const shape = z.object({ list: z.object({ items: z.array(withId) }) })
      return (await (await admin()).ask(query, {}, shape)).list.items.map(({ id }) => id)
    },
  })
  return { token, admin, common }
}

/** A product that is sold, with plenty of stock; answers its variant. */
async function addProduct(admin: GraphQl): Promise<string> {
  const name = `Seed ${counted()}`
  const productId = await maker(admin)('createProduct', 'CreateProductInput', {
    translations: [{ languageCode: 'en', name, slug: name.replace(' ', '-').toLowerCase(), description: '' }],
  })
  const { createProductVariants } = await admin.ask(
    'mutation ($input: [CreateProductVariantInput!]!) { createProductVariants(input: $input) { id } }',
    {
      input: [
        {
          productId,
          sku: name,
          price: 1199,
          stockOnHand: 1000,
          translations: [{ languageCode: 'en', name }],
        },
      ],
    },
    z.object({ createProductVariants: z.tuple([withId]) }),
  )
  return createProductVariants[0].id
}
