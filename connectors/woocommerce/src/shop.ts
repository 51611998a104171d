import { list, record, Refusal, type Session } from './client.ts'

/** What holds for the whole shop and is read once a session. */
export interface Shop {
  readonly currency: string
  readonly pricesIncludeTax: boolean
  readonly weightUnit: string
  readonly country: string
}

export function shopOf(session: Session): Promise<Shop> {
  return session.remember('shop', async () => {
    const [country = ''] = (await option(session, 'general', 'woocommerce_default_country')).split(':')
    return {
      currency: await option(session, 'general', 'woocommerce_currency'),
      pricesIncludeTax: (await option(session, 'tax', 'woocommerce_prices_include_tax')) === 'yes',
      weightUnit: await option(session, 'products', 'woocommerce_weight_unit'),
      country,
    }
  })
}

export interface TaxRate {
  readonly id: number
  readonly country: string
  readonly rate: string
  readonly class: string
}

export function taxRates(session: Session): Promise<readonly TaxRate[]> {
  return session.remember('taxes', () => list<TaxRate>(session, '/taxes', { per_page: 100 }))
}

async function option(session: Session, group: string, name: string): Promise<string> {
  try {
    const { value } = await record<{ value: string }>(session, 'GET', `/settings/${group}/${name}`)
    return value
  } catch (problem) {
    // A shop that charges no tax has no settings of tax.
    if (problem instanceof Refusal && problem.code.startsWith('rest_setting')) return ''
    throw problem
  }
}
