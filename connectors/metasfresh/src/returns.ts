import { Problem, writeEach, type Entity } from '@linchpin/connector'
import { z } from 'zod'
import { need, type Session } from './client.ts'
import { shortKey } from './identifiers.ts'

/** What came back from a customer: one line of returned goods for each line of the return. */
const returnRow = z.looseObject({
  order: z.string(),
  dateReceived: z.string().optional(),
  lines: z.array(z.looseObject({ id: z.string().min(1), sku: z.string(), quantity: z.string() })),
})

export const returns: Entity<Session, 'ReturnAuthorization', never, z.infer<typeof returnRow>> = {
  schema: z.never(),
  mapping: { from: 'metasfresh.ReturnAuthorization', to: 'ReturnAuthorization', fields: {} },
  writer: {
    schema: returnRow,
    mapping: {
      from: 'ReturnAuthorization',
      to: 'metasfresh.ReturnAuthorization',
      fields: {
        order: { link: 'SalesOrder', of: 'order' },
        dateReceived: { format: 'day', of: 'at' },
        lines: { each: 'lines', as: { id: 'id', sku: 'sku', quantity: 'quantity' } },
      },
    },
    batch: 5,
    // externalId is kept, but nothing refuses a second one.
    repeat: 'ask',
    write: (session, writes) =>
      writeEach(writes, session.io.signal, async ({ key, id, row }) => {
        if (id !== null)
          throw new Problem(
            'refused',
            `Return ${shortKey(key)} is booked; metasfresh changes it by hand only.`,
          )
        const returnList = row.lines.map(line => ({
          orgCode: session.settings.org,
          productSearchKey: line.sku,
          movementQuantity: Number(line.quantity),
          externalId: `${shortKey(key)}/${line.id}`,
          ...(row.dateReceived === undefined ? {} : { dateReceived: row.dateReceived }),
        }))
        const body = { receiptList: [], returnList }
        const answer = await need(session, '/receipts', z.looseObject({}), { method: 'POST', body })
        const number = Object.values(answer).flat().map(String)[0]
        return { key, is: 'applied', id: shortKey(key), version: null, ...(number ? { number } : {}) }
      }),
  },
}
