import { inTurn } from '@linchpin/connector'
import { z } from 'zod'
import { allOf, beginningOf, pageOf, type InnerList } from './inner-list.ts'
import { readNodes, type Nodes } from './nodes.ts'
import type { Session } from './session.ts'

const text = z.string()
const maybe = text.nullish()

const returnLine = z.looseObject({
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
})
const exchangeLine = z.looseObject({ id: text, quantity: z.int(), variantId: maybe, variantSku: maybe })

export const returnLines: InnerList<z.infer<typeof returnLine>> = {
  name: 'ReturnLines',
  type: 'Return',
  field: 'returnLineItems',
  selection: `id quantity processedQuantity returnReasonNote customerNote returnReasonDefinition { name }
    ... on ReturnLineItem { fulfillmentLineItem { id lineItem { id sku variant { id } } } }`,
  schema: returnLine,
  first: 20,
  more: 100,
}
export const exchangeLines: InnerList<z.infer<typeof exchangeLine>> = {
  name: 'ExchangeLines',
  type: 'Return',
  field: 'exchangeLineItems',
  selection: 'id quantity variantId variantSku',
  schema: exchangeLine,
  first: 10,
  more: 100,
}

/** What a customer wants to send back, or did, and what goes out in exchange for it. */
export const returnRow = z.looseObject({
  id: text,
  /** '#1001-R1' */
  name: text,
  status: text,
  createdAt: text,
  closedAt: maybe,
  order: z.looseObject({ id: text }),
  returnLineItems: z.object({ nodes: z.array(returnLine) }),
  exchangeLineItems: z.object({ nodes: z.array(exchangeLine) }),
})
export type ReturnRow = z.infer<typeof returnRow>

/** A return as it comes. */
const wireReturn = returnRow.extend({
  returnLineItems: pageOf(returnLine),
  exchangeLineItems: pageOf(exchangeLine),
})

export const returnNodes: Nodes<z.infer<typeof wireReturn>> = {
  name: 'Returns',
  type: 'Return',
  selection: `id name status createdAt closedAt order { id }
    ${beginningOf(returnLines)} ${beginningOf(exchangeLines)}`,
  schema: wireReturn,
  atOnce: 5,
}

export async function readReturns(session: Session, ids: readonly string[]): Promise<readonly ReturnRow[]> {
  const found = await readNodes(session, returnNodes, ids)
  return inTurn(found, async each => ({
    ...each,
    returnLineItems: { nodes: [...(await allOf(session, returnLines, each.id, each.returnLineItems))] },
    exchangeLineItems: { nodes: [...(await allOf(session, exchangeLines, each.id, each.exchangeLineItems))] },
  }))
}
