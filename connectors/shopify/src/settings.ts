import { z } from 'zod'

/** What an operator fills in to connect a Shopify shop. */
export const settings = z
  .strictObject({
    url: z
      .url({ protocol: /^https?$/ })
      .describe("The shop's own address at Shopify: https://example.myshopify.com"),
    clientId: z.string().min(1).optional().describe('Of the app in the Dev Dashboard'),
    clientSecret: z
      .string()
      .min(16)
      .optional()
      .meta({ secret: true })
      .describe("The app's secret. Shopify signs its webhooks with it"),
    accessToken: z
      .string()
      .min(1)
      .optional()
      .meta({ secret: true })
      .describe('In place of the client id: the token of a custom app that was made before 2026'),
    location: z
      .string()
      .min(1)
      .optional()
      .describe('Name or id of the location to fill; only needed when several are active'),
    namespace: z
      .string()
      .regex(/^[a-zA-Z0-9_-]{3,64}$/)
      .default('linchpin')
      .describe('Of the metafields that hold what Shopify has no field for'),
    publications: z
      .array(z.string().min(1))
      .default(['Online Store'])
      .describe('The sales channels that a new product is published to, by their names'),
    notifyCustomers: z
      .boolean()
      .default(true)
      .describe('Whether Shopify mails customers when a parcel leaves or its number changes'),
    cancelRefunds: z
      .boolean()
      .default(false)
      .describe('Whether an order that the ERP cancels is refunded to its payment method'),
    priceTaxRate: z
      .string()
      .regex(/^\d+(\.\d+)?$/)
      .optional()
      .describe("A percentage: to turn net prices into the shop's gross ones, or the other way round"),
  })
  .refine(given => given.accessToken !== undefined || (given.clientId && given.clientSecret), {
    message: 'Give a client id and a client secret, or an access token.',
  })
export type Settings = z.infer<typeof settings>
