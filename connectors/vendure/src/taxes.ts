import { Problem } from '@linchpin/connector'
import { equal } from '@linchpin/model'
import { z } from 'zod'
import type { Operation } from './client.ts'
import { plain } from './money.ts'
import type { Session } from './session.ts'

/** The tax category that has this rate in the channel's default tax zone; without a rate, Vendure's default. */
export async function taxCategoryOf(
  session: Session,
  rate: string | undefined,
  sku: string,
): Promise<string | undefined> {
  if (rate === undefined) return undefined
  const { channel } = await session.facts()
  const { taxRates } = await session.client.ask(taxRateList)
  const zone = channel.defaultTaxZone?.id
  const inZone = taxRates.items.filter(each => each.enabled && each.zone.id === zone)
  const fitting = inZone.filter(({ value }) => equal(plain(value), rate))
  const found = fitting.find(({ category }) => category.isDefault) ?? fitting[0]
  if (found) return found.category.id
  const known = inZone.map(({ value }) => `${value} %`).join(', ') || 'none'
  throw new Problem(
    'refused',
    `Product ${sku} has a tax rate of ${rate} %, and Vendure's default tax zone has ${known}. Add the rate there.`,
  )
}

const taxRateData = z.object({
  taxRates: z.object({
    items: z.array(
      z.object({
        value: z.number(),
        enabled: z.boolean(),
        zone: z.object({ id: z.string() }),
        category: z.object({ id: z.string(), isDefault: z.boolean() }),
      }),
    ),
  }),
})
const taxRateList: Operation<z.infer<typeof taxRateData>> = {
  text: 'query TaxRates { taxRates(options: { take: 500 }) { items { value enabled zone { id } category { id isDefault } } } }',
  data: taxRateData,
}
