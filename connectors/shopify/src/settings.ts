import { z } from 'zod'

/** What an operator fills in to connect a Shopify shop. */
export const settings = z.strictObject({
  url: z
    .url({ protocol: /^https?$/ })
    .describe("The shop's own address at Shopify: https://example.myshopify.com"),
  clientId: z.string().min(1).describe('Of the app in the Dev Dashboard'),
  clientSecret: z
    .string()
    .min(16)
    .meta({ secret: true })
    .describe("The app's secret; Shopify signs its webhooks with it, too"),
  accessToken: z
    .string()
    .min(1)
    .optional()
    .meta({ secret: true })
    .describe('Only of a custom app that was made in the admin before 2026: its token, which does not end'),
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
  refunds: z
    .enum(['read', 'write'])
    .default('read')
    .describe("'write' gives the money of the ERP's credit notes back to customers; 'read' never does"),
  companies: z
    .boolean()
    .default(false)
    .describe(
      'Whether companies and their catalogues are used (B2B): each location of a company is an account',
    ),
  bulkFrom: z
    .int()
    .min(0)
    .max(9999)
    .default(250)
    .describe('From so many records of a kind on, they are read in bulk the first time'),
  bulkPricesFrom: z
    .int()
    .min(1)
    .default(50)
    .describe('From so many products with new prices in one go on, these are changed in bulk'),
  priceTaxRate: z
    .string()
    .regex(/^\d+(\.\d+)?$/)
    .optional()
    .describe("A percentage: to turn net prices into the shop's gross ones, or the other way round"),
})
export type Settings = z.infer<typeof settings>
