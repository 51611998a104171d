import type { RecordHead } from '@linchpin/api'
import { padMoney, type Account, type EntityName, type Product, type SalesOrder } from '@linchpin/model'
import type { RecordKey } from '@linchpin/store'
import { isPerson, withoutMail } from './mask.ts'

type Told = Partial<
  Pick<SalesOrder, 'number' | 'totals' | 'currency' | 'fulfilment' | 'payment'> &
    Pick<Product, 'sku'> &
    Pick<Account, 'name'>
> & { readonly status?: string }

/** A record by what people call it. A customer's name is personal: they go by their id. */
export function headOf({ connection, entity, id }: RecordKey, canonical: unknown): RecordHead {
  const { number, sku, name, totals, currency, status = '', fulfilment, payment } = (canonical ?? {}) as Told
  return {
    connection,
    entity,
    id,
    label: number ?? sku ?? (isPerson(entity) ? withoutMail(id) : (name ?? id)),
    state: [status, fulfilment, payment].filter(Boolean).join(' · '),
    total: totals && currency ? { amount: padMoney(totals.payable, currency), currency } : null,
  }
}

/** A label that is one of the numbers that a record is found by: of a person, these are e-mail addresses and VAT ids. */
export const shownLabel = (
  { entity, id }: { readonly entity: EntityName; readonly id: string | null },
  label: string | null,
) => (isPerson(entity) ? id && withoutMail(id) : label && withoutMail(label))
