import { findOrMake, Problem } from '@linchpin/connector'
import { create } from './outcomes.ts'
import { idOf, rowsSaying, textIn } from './rows.ts'
import type { Session } from './session.ts'

export function countryId(session: Session, code: string): Promise<number> {
  return session.remember(`country ${code}`, async () => {
    const row = await session.client.one(`/setup/dictionary/countries/byCode/${encodeURIComponent(code)}`)
    if (row) return Number(idOf(row))
    throw new Problem('refused', `Dolibarr knows no country ${code}. Correct the address.`)
  })
}

/** A state by its name or code; null when Dolibarr has none of it, which is no reason to refuse an address. */
export function stateId(session: Session, country: number, state: string): Promise<number | null> {
  return session.remember(`state ${country} ${state.toLowerCase()}`, async () => {
    const rows = await session.client.list('/setup/dictionary/states', { country, limit: 1000 })
    const wanted = state.toLowerCase()
    const row = rows.find(each =>
      [each['name'], each['code']].some(is => textIn(is).toLowerCase() === wanted),
    )
    return row ? Number(idOf(row)) : null
  })
}

/** The service with this ref, made when it is missing: refs of products are unique, so it is there once. */
export function serviceProduct(session: Session, kind: 'shipping' | 'fee' | 'rounding'): Promise<number> {
  const ref = session.settings.services[kind]
  return session.remember(`service ${ref}`, async () => {
    const made = { ref, label: ref, type: 1, status: 1, status_buy: 0, price: '0', tva_tx: '0' }
    return findOrMake(
      async () => {
        const [row] = await rowsSaying(session, '/products', 'ref', ref, each => each['ref'] === ref)
        return row ? Number(idOf(row)) : null
      },
      async () => Number(await create(session, '/products', { ...made, price_base_type: 'HT' })),
    )
  })
}
