import { z } from 'zod'

const products = z
  .object({
    shipping: z
      .string()
      .default('SHIPPING')
      .describe('Code of the service product that shipping is sold as.'),
    fee: z
      .string()
      .default('FEE')
      .describe('Code of the service product for payment fees and other charges.'),
    rounding: z
      .string()
      .default('ROUNDING')
      .describe('Code of the untaxed service product that a cent of rounding is booked on.'),
  })
  .prefault({})

/** What an operator fills in to connect a Tryton. */
export const settings = z.object({
  url: z
    .url({ protocol: /^https?$/ })
    .describe('Where Tryton answers, without the database: https://erp.example.org'),
  database: z.string().min(1),
  username: z.string().min(1).describe('A user of its own, with the rights that the connector’s page lists.'),
  password: z.string().min(1).meta({ secret: true }),
  company: z.int().optional().describe('Id of the company, where the user works for several.'),
  warehouse: z
    .string()
    .optional()
    .describe('Name or code of the warehouse that sells; the first one where left out.'),
  paymentTerm: z.string().optional().describe('Name of the payment term of new orders.'),
  services: products.describe('The service products that charges become lines of.'),
  taxes: z
    .record(z.string(), z.string())
    .default({})
    .describe('Rate to the name of its tax, where several taxes have one rate: { "19": "19% Umsatzsteuer" }'),
  process: z.boolean().default(true).describe('Confirm orders. Off, they wait as quotations for a person.'),
  tolerance: z
    .string()
    .regex(/^\d+(\.\d+)?$/)
    .default('0.01')
    .describe(
      'How far, for each line, our total and Tryton’s may differ and still be made equal by a rounding line.',
    ),
  overlapMinutes: z
    .number()
    .min(0)
    .default(10)
    .describe('At least as long as the longest transaction: changes are stamped with its start.'),
  fields: z
    .partialRecord(
      z.enum(['Product', 'Account', 'SalesOrder', 'Shipment', 'Invoice', 'CreditNote', 'PriceList']),
      z.array(z.string()),
    )
    .default({})
    .describe(
      'Further fields to read, such as those of your own modules: { "SalesOrder": ["gift_message"] }',
    ),
})

export type Settings = z.infer<typeof settings>
