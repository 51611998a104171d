import { decimal } from '@linchpin/model'
import { z } from 'zod'

/** What an operator fills in to connect an Odoo. */
export const settings = z.strictObject({
  url: z.url({ protocol: /^https?$/ }).describe('Where Odoo is: https://erp.example.com'),
  database: z.string().min(1).describe('The database, as Odoo shows it in the developer tools'),
  login: z.string().min(1).describe("The integration user's login, usually its e-mail"),
  apiKey: z
    .string()
    .min(1)
    .meta({ secret: true })
    .describe('An API key of that user: Preferences, Account Security, New API Key'),
  /** Invoices that nobody printed or sent have no PDF in Odoo; it makes one only for a user who signed in. */
  password: z
    .string()
    .min(1)
    .optional()
    .meta({ secret: true })
    .describe('Only needed to have Odoo print invoices that were not printed or sent yet'),
  webhookSecret: z
    .string()
    .min(16)
    .optional()
    .meta({ secret: true })
    .describe('Letters and digits that the automation rules of Odoo show in the address that they call'),
  transport: z
    .enum(['auto', 'json2', 'jsonrpc'])
    .default('auto')
    .describe('auto takes /json/2 from Odoo 19 on, and /jsonrpc before'),
  company: z
    .int()
    .positive()
    .optional()
    .describe('The id of the company to work for, when there are several'),
  warehouse: z.int().positive().optional().describe('The id of the warehouse that sells; all when left out'),
  location: z
    .int()
    .positive()
    .optional()
    .describe('The id of one stock location to count, instead of a warehouse'),
  pricelist: z
    .int()
    .positive()
    .optional()
    .describe('The id of the pricelist whose dated prices and quantity breaks the shop shows'),
  /** Odoo knows no charges beside lines, so shipping, fees and rounding are lines of service products. */
  shippingCode: z.string().min(1).default('LP-SHIPPING'),
  feeCode: z.string().min(1).default('LP-FEE'),
  roundingCode: z.string().min(1).default('LP-ROUNDING'),
  /** Rate → id of account.tax, for a rate that several taxes of the company have. */
  taxes: z.record(z.string(), z.int().positive()).default({}),
  tolerance: decimal
    .default('0.01')
    .describe('By how much Odoo may compute a line differently before a person must look'),
  confirm: z.boolean().default(true).describe('Confirm orders whose totals agree'),
  overlapMinutes: z
    .number()
    .positive()
    .default(2)
    .describe("How far each poll looks back: as long as Odoo's longest transaction"),
})
export type Settings = z.infer<typeof settings>
