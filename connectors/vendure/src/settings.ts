import { z } from 'zod'

/** What an operator fills in to connect a Vendure. */
export const settings = z
  .strictObject({
    url: z.url({ protocol: /^https?$/ }).describe('The Admin API: https://shop.example.com/admin-api'),
    username: z.string().min(1).optional().describe('An administrator with a role of its own for Linchpin'),
    password: z.string().min(1).optional().meta({ secret: true }),
    apiKey: z
      .string()
      .min(1)
      .optional()
      .meta({ secret: true })
      .describe("Instead of a password, where the server's tokenMethod allows 'api-key' (from 3.6 on)"),
    channel: z.string().min(1).optional().describe("The channel's token; the default channel when left out"),
    stockLocation: z
      .string()
      .min(1)
      .optional()
      .describe('Name or id of the stock location to fill; only needed when there are several'),
    /** Which custom fields of the shop hold what. One that the shop does not have is simply not used. */
    customFields: z
      .strictObject({
        orderNumber: z.string().min(1).default('erpNumber').describe('Order: its number in the ERP'),
        orderInvoices: z
          .string()
          .min(1)
          .default('invoices')
          .describe('Order: a public list of texts, one for each invoice'),
        vatId: z.string().min(1).default('vatId').describe('Customer: VAT number'),
        gtin: z.string().min(1).default('gtin').describe('ProductVariant: EAN or UPC'),
      })
      .prefault({}),
    watchDays: z
      .int()
      .min(1)
      .default(30)
      .describe(
        'Open orders of so many days are looked at again and again, since Vendure stamps few changes',
      ),
    webhookSecret: z
      .string()
      .min(16)
      .optional()
      .meta({ secret: true })
      .describe("The plugin's secret, where the shop's owner installed our plugin"),
  })
  .refine(given => given.apiKey !== undefined || (given.username && given.password), {
    message: 'Give a user name and a password, or an API key.',
  })
export type Settings = z.infer<typeof settings>
