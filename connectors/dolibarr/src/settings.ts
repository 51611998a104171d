import { z } from 'zod'

const services = z
  .strictObject({
    shipping: z.string().min(1).default('SHIPPING').describe('Ref of the service that shipping is sold as'),
    fee: z
      .string()
      .min(1)
      .default('FEE')
      .describe('Ref of the service for payment fees, tips and other charges'),
    rounding: z
      .string()
      .min(1)
      .default('ROUNDING')
      .describe('Ref of the untaxed service that a cent of rounding is booked on'),
  })
  .prefault({})

/** What an operator fills in to connect a Dolibarr. */
export const settings = z.strictObject({
  url: z
    .url({ protocol: /^https?$/ })
    .describe('Where Dolibarr is, without /api/index.php: https://erp.example.org'),
  apiKey: z
    .string()
    .min(1)
    .meta({ secret: true })
    .describe('The API key of a user of its own: user card, Modify, API key, generate'),
  timeZone: z
    .string()
    .default('UTC')
    .refine(isTimeZone, 'This is no time zone. Write it as in Europe/Berlin.')
    .describe("The time zone of Dolibarr's server (PHP and database), such as Europe/Berlin"),
  currency: z
    .string()
    .regex(/^[A-Z]{3}$/)
    .default('EUR')
    .describe("Dolibarr's main currency, which its prices and orders are in"),
  warehouse: z.int().positive().optional().describe('Id of the warehouse that sells; all when left out'),
  priceLevel: z
    .int()
    .positive()
    .optional()
    .describe('The price level that the shop shows as its list price, where levels are used'),
  services: services.describe('The services that charges become lines of; made when missing'),
  validate: z
    .boolean()
    .default(true)
    .describe('Validate orders whose totals agree; off, they wait as drafts'),
  tolerance: z
    .string()
    .regex(/^\d+(\.\d+)?$/)
    .default('0.01')
    .describe('By how much, for each line, the two totals may differ and still be made equal by a line'),
  unitDecimals: z
    .int()
    .min(2)
    .max(8)
    .default(5)
    .describe('Decimals of unit prices, as set in Dolibarr (Setup, Limits and accuracy)'),
  pdfTemplate: z
    .string()
    .min(1)
    .optional()
    .describe("Template of invoices; Dolibarr's default when left out"),
  overlapMinutes: z
    .number()
    .min(0)
    .default(2)
    .describe('How far each poll looks back: at least as long as the longest transaction there'),
})
export type Settings = z.infer<typeof settings>

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== ''
  } catch {
    return false
  }
}
