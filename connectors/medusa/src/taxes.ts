import { Problem } from '@linchpin/connector'
import { equal } from '@linchpin/model'
import { z } from 'zod'
import { at } from './client.ts'
import { decimal } from './money.ts'
import type { Session } from './session.ts'

const text = z.string()

const taxRate = z.object({
  id: text,
  rate: z.number().nullable(),
  is_default: z.boolean(),
  tax_region: z.object({ id: text, country_code: text.nullable(), province_code: text.nullable() }),
  rules: z.array(z.object({ id: text, reference: text, reference_id: text })),
})
type TaxRate = z.infer<typeof taxRate>

/**
 * Has a product taxed at this rate. In Medusa a product has no rate: a tax region has a default rate, and others with
 * rules that name products. So ours stands among the rules of the rate that fits, unless that is the default.
 */
export async function taxAtRate(
  session: Session,
  product: string,
  rate: string | undefined,
  sku: string,
): Promise<void> {
  if (rate === undefined) return
  const rates = await ratesOf(session)
  const fitting = rates.filter(each => each.rate !== null && equal(decimal(each.rate), rate))
  const wanted = fitting.find(each => each.is_default) ?? fitting[0]
  if (!wanted) throw missing(rates, rate, sku)
  for (const other of rates.filter(({ id }) => id !== wanted.id))
    for (const rule of rulesFor(other, product))
      await session.client.remove(`/tax-rates/${at(other.id)}/rules/${at(rule.id)}`)
  if (wanted.is_default || rulesFor(wanted, product).length > 0) return
  const body = { reference: 'product', reference_id: product }
  await session.client.post(`/tax-rates/${at(wanted.id)}/rules`, body, z.looseObject({}), { fields: 'id' })
}

/** The rate that a product is taxed at in the region that counts. */
export function rateOf(rates: readonly TaxRate[], product: string): string | null {
  const own = rates.find(each => rulesFor(each, product).length > 0)
  const found = own ?? rates.find(each => each.is_default)
  return found === undefined || found.rate === null ? null : decimal(found.rate)
}

/** All rates of the country that the settings name, or of the only one that has a tax region. */
export async function ratesOf({ client, settings }: Session): Promise<readonly TaxRate[]> {
  const { tax_rates } = await client.get('/tax-rates', z.object({ tax_rates: z.array(taxRate) }), {
    fields:
      'id,rate,is_default,tax_region.id,tax_region.country_code,tax_region.province_code,rules.id,rules.reference,rules.reference_id',
    limit: 1000,
  })
  const ofCountries = tax_rates.filter(each => each.tax_region.province_code === null)
  const countries = [...new Set(ofCountries.map(each => each.tax_region.country_code ?? ''))]
  const wanted = settings.taxCountry?.toLowerCase()
  if (wanted === undefined && countries.length > 1)
    throw new Problem(
      'refused',
      `Medusa has tax regions for ${countries.join(', ').toUpperCase()}. Say in the settings (taxCountry) whose rates the ERP's rates are.`,
    )
  return ofCountries.filter(each => wanted === undefined || each.tax_region.country_code === wanted)
}

const rulesFor = ({ rules }: TaxRate, product: string) =>
  rules.filter(each => each.reference === 'product' && each.reference_id === product)

function missing(rates: readonly TaxRate[], rate: string, sku: string): Problem {
  const known = rates.map(each => `${each.rate} %`).join(', ') || 'none'
  return new Problem(
    'refused',
    `Product ${sku} has a tax rate of ${rate} %, and Medusa's tax region has ${known}. Add the rate there.`,
  )
}
