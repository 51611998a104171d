import { z } from 'zod'

/** What an operator fills in to connect a Medusa. */
export const settings = z.strictObject({
  url: z.url({ protocol: /^https?$/ }).describe('Where Medusa is: https://medusa.example.com'),
  apiKey: z
    .string()
    .min(1)
    .meta({ secret: true })
    .describe('A secret API key (sk_…): Settings → Secret API Keys → Create'),
  salesChannel: z
    .string()
    .min(1)
    .optional()
    .describe(
      "Name or id of the sales channel: only its orders are read, new products go into it. Without it, all orders and the store's own channel",
    ),
  stockLocation: z
    .string()
    .min(1)
    .optional()
    .describe(
      'Name or id of the stock location to fill and to ship from; only needed when there are several',
    ),
  taxCountry: z
    .string()
    .regex(/^[A-Za-z]{2}$/)
    .optional()
    .describe("The country whose tax rates the ERP's rates are (DE); only needed with several tax regions"),
  webhookSecret: z
    .string()
    .min(16)
    .optional()
    .meta({ secret: true })
    .describe("The subscriber's secret, where the shop's owner installed our subscriber"),
})
export type Settings = z.infer<typeof settings>
