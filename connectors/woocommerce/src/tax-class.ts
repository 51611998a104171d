import { Problem } from '@linchpin/connector'
import { equal, isZero } from '@linchpin/model'
import type { Session } from './client.ts'
import { shopOf, taxRates } from './shop.ts'

/** The class that taxes at this percentage in the shop's own country. WooCommerce writes the standard class as ''. */
export async function taxClassOf(session: Session, percent: string): Promise<string> {
  const [rates, shop] = [await taxRates(session), await shopOf(session)]
  const matching = rates.filter(({ rate }) => rate !== '' && equal(rate, percent))
  const home = matching.filter(({ country }) => country === shop.country || country === '')
  const found = home.find(rate => rate.class === 'standard') ?? home[0]
  if (found) return found.class === 'standard' ? '' : found.class
  // WooCommerce brings the class along without a rate, and what has no rate is not taxed.
  if (isZero(percent)) return 'zero-rate'
  throw new Problem(
    'refused',
    `The shop has no tax class of ${percent} % in ${shop.country || 'its country'}. Add the rate: WooCommerce → Settings → Tax.`,
  )
}
