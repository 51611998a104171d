import { z } from 'zod'

const processes = z
  .strictObject({
    orders: z.string().nullable().default('Linchpin_Sales_Orders_JSON'),
    products: z.string().nullable().default('Linchpin_Products_JSON'),
    stock: z.string().nullable().default('Available_For_Sales_JSON'),
    shipments: z.string().nullable().default('Historical_Shipments_JSON'),
    invoices: z.string().nullable().default('Historical_Invoices_JSON'),
  })
  .prefault({})

/** Rate of tax to the search key of a product; '*' is for every other rate. */
const byRate = (otherwise: string) => z.record(z.string(), z.string()).default({ '*': otherwise })

/** What an operator fills in to connect a metasfresh. */
export const settings = z.strictObject({
  url: z
    .url({ protocol: /^https?$/ })
    .describe('Where its API answers, without /api/v2: https://erp.example.org'),
  token: z
    .string()
    .min(1)
    .meta({ secret: true })
    .describe('The API token of a user of its own (window "User API Token").'),
  org: z.string().min(1).default('001').describe('Search key of the organisation that sells.'),
  system: z
    .string()
    .regex(/^[a-zA-Z0-9_]+$/, 'letters, digits and underscores')
    .default('Linchpin')
    .describe('Value of the external system record that our ids belong to.'),
  dataSource: z
    .string()
    .optional()
    .describe('Identifier of the input data source of order candidates, such as int-Shopware.'),
  process: z
    .boolean()
    .default(true)
    .describe('Have order candidates made into orders at once. Off, they wait for a person.'),
  processes: processes.describe(
    'The processes that read, by their search keys; null where this installation has none. See views/ of the connector.',
  ),
  shipments: z
    .enum(['documents', 'queue'])
    .default('documents')
    .describe('Read shipments as documents, or what is to be shipped from the export queue.'),
  freight: byRate('FREIGHT').describe(
    'Products that shipping is sold as, by rate of tax: { "19": "FREIGHT-19" }',
  ),
  fees: byRate('FEE').describe('Products that payment fees and other charges are sold as, likewise.'),
  rounding: z
    .string()
    .nullable()
    .default('ROUNDING')
    .describe('Untaxed product that a cent of rounding is booked on; null for none.'),
  taxCategories: z
    .record(z.string(), z.string())
    .default({ NORMAL: '19', REDUCED: '7', NO: '0' })
    .describe('Internal name of a tax category to its rate in the country of the shop.'),
  uoms: z
    .record(z.string(), z.string())
    .default({ PCE: 'C62', KGM: 'KGM', MTR: 'MTR', LTR: 'LTR' })
    .describe('Units of metasfresh to those of UN/ECE.'),
  priceDecimals: z.int().min(0).max(10).default(4).describe('Precision of prices of the sales price list.'),
  tolerance: z
    .string()
    .regex(/^\d+(\.\d+)?$/)
    .default('0.01')
    .describe('How far, for each line, our total and that of metasfresh may differ and still be made equal.'),
  overlapMinutes: z
    .number()
    .min(0)
    .default(70)
    .describe('How much is read again: its stamps are local time, so an hour comes twice in autumn.'),
  trackingHours: z
    .number()
    .min(0)
    .default(48)
    .describe('For so long parcel numbers may come after their shipment, whose own stamp stands still.'),
  pushToken: z
    .string()
    .min(16)
    .optional()
    .meta({ secret: true })
    .describe('What metasfresh shows when it pushes to us (Outbound HTTP token of its scripted export).'),
})

export type Settings = z.infer<typeof settings>
