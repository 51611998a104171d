import { z } from 'zod'

/** What an operator fills in to connect a shop. */
export const settings = z.strictObject({
  url: z.url({ protocol: /^https?$/ }).describe('Where the shop is: https://shop.example.com'),
  consumerKey: z
    .string()
    .min(1)
    .describe('The consumer key (ck_…): WooCommerce → Settings → Advanced → REST API → Add key'),
  consumerSecret: z.string().min(1).meta({ secret: true }).describe('The consumer secret (cs_…) of that key'),
  webhookSecret: z
    .string()
    .default('')
    .meta({ secret: true })
    .describe('A long random text of your own, to know genuine webhooks by; without it none is believed'),
  /** `oauth` over https is the way out where a server strips the Authorization header (Apache with CGI). */
  signIn: z
    .enum(['auto', 'basic', 'oauth'])
    .default('auto')
    .describe('auto signs in with Basic over https, and with OAuth 1.0a over plain http'),
  pageSize: z
    .int()
    .min(1)
    .max(100)
    .default(100)
    .describe('How many records to ask for at once; a slow host bears fewer'),
  language: z
    .enum(['en', 'de'])
    .default('en')
    .describe('The language of the notes that customers get about parcels and invoices'),
})
export type Settings = z.infer<typeof settings>
