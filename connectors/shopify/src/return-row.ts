import { z } from 'zod'
import type { Nodes } from './nodes.ts'

const text = z.string()
const maybe = text.nullish()

/** What a customer wants to send back, or did, and what goes out in exchange for it. */
export const returnRow = z.looseObject({
  id: text,
  /** '#1001-R1' */
  name: text,
  status: text,
  createdAt: text,
  closedAt: maybe,
  order: z.looseObject({ id: text }),
  returnLineItems: z.object({
    nodes: z.array(
      z.looseObject({
        id: text,
        quantity: z.int(),
        /** That came back and was dealt with: put on the shelf again, or not. */
        processedQuantity: z.int(),
        returnReasonDefinition: z.looseObject({ name: text }).nullish(),
        returnReasonNote: text,
        customerNote: maybe,
        /** Of goods that the shop knows to have sent. */
        fulfillmentLineItem: z
          .looseObject({
            lineItem: z.looseObject({
              id: text,
              sku: maybe,
              variant: z.looseObject({ id: text }).nullish(),
            }),
          })
          .nullish(),
      }),
    ),
  }),
  exchangeLineItems: z.object({
    nodes: z.array(z.looseObject({ id: text, quantity: z.int(), variantId: maybe, variantSku: maybe })),
  }),
})
export type ReturnRow = z.infer<typeof returnRow>

export const returnNodes: Nodes<ReturnRow> = {
  name: 'Returns',
  type: 'Return',
  selection: `id name status createdAt closedAt order { id }
    returnLineItems(first: 20) { nodes { id quantity processedQuantity returnReasonNote customerNote
      returnReasonDefinition { name }
      ... on ReturnLineItem { fulfillmentLineItem { id lineItem { id sku variant { id } } } } } }
    exchangeLineItems(first: 10) { nodes { id quantity variantId variantSku } }`,
  schema: returnRow,
  atOnce: 5,
}
