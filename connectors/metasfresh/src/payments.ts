import { Problem, writeEach, type Entity } from '@linchpin/connector'
import { z } from 'zod'
import { need, type Session } from './client.ts'
import { shortKey } from './identifiers.ts'

/** A payment as metasfresh takes it for an order. What came of it cannot be asked. */
const paymentRow = z.looseObject({
  order: z.string(),
  bpartner: z.string(),
  currencyCode: z.string(),
  amount: z.string(),
  transactionDate: z.string().optional(),
})

export const payments: Entity<Session, 'Payment', never, z.infer<typeof paymentRow>> = {
  schema: z.never(),
  mapping: { from: 'metasfresh.Payment', to: 'Payment', fields: {} },
  writer: {
    schema: paymentRow,
    mapping: {
      from: 'Payment',
      to: 'metasfresh.Payment',
      fields: {
        order: { link: 'SalesOrder', of: 'order' },
        bpartner: { link: 'Account', of: 'account' },
        currencyCode: 'currency',
        amount: 'amount',
        transactionDate: { format: 'day', of: 'at' },
      },
    },
    batch: 10,
    // Nothing in the source keeps one external payment id from being taken twice, and nothing lists payments.
    repeat: 'ask',
    write: (session, writes) =>
      writeEach(writes, session.io.signal, async ({ key, id, row }) => {
        if (id !== null)
          throw new Problem(
            'refused',
            `Payment ${shortKey(key)} is booked; metasfresh changes it by hand only.`,
          )
        const body = {
          orgCode: session.settings.org,
          bpartnerIdentifier: row.bpartner,
          // Of the older kind: 'ext-' and the reference, without a system (ExternalIdentifierFormat).
          orderIdentifier: `ext-${row.order}`,
          externalPaymentId: shortKey(key),
          currencyCode: row.currencyCode,
          amount: Number(row.amount),
          ...(row.transactionDate === undefined ? {} : { transactionDate: row.transactionDate }),
        }
        await need(session, '/orders/sales/payment', z.unknown(), { method: 'POST', body })
        return { key, is: 'applied', id: shortKey(key), version: null }
      }),
  },
}
