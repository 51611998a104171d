import type { Fields } from '@linchpin/mapping'
import { isWhole } from '@linchpin/model'
import { z } from 'zod'
import { Problem } from '../problem.ts'
import { ofProduct, ofProductFields } from './product.ts'

const text = z.string()
const goods = z.object({ ...ofProduct, quantity: text })
type Goods = z.infer<typeof goods>

/** What an ERP sent, for the shop that took the order. */
export const shipmentWrite = z.object({
  order: text,
  number: text.min(1),
  status: z.enum(['planned', 'ready', 'shipped', 'delivered', 'cancelled']),
  carrier: text.optional(),
  tracking: z.array(z.object({ number: text, url: text.optional() })),
  lines: z.array(goods),
})
export const shipmentFields: Fields = {
  order: { link: 'SalesOrder', of: 'order' },
  number: 'number',
  status: 'status',
  carrier: 'carrier',
  tracking: { each: 'tracking', as: { number: 'number', url: 'url' } },
  lines: { each: 'lines', as: { ...ofProductFields, quantity: 'quantity' } },
}

/** The units of one of a shipment's lines, for a shop that knows no halves of anything. */
export function wholeUnitsOf(line: Goods, shipment: string, shop: string): number {
  if (isWhole(line.quantity)) return Number(line.quantity)
  throw new Problem(
    'refused',
    `Shipment ${shipment} has ${line.quantity} of ${goodsName(line)}; ${shop} counts whole units only.`,
  )
}

/** What a person calls it. */
export function goodsName({ sku, product }: Pick<Goods, 'sku' | 'product'>): string {
  return sku ?? `product ${product ?? ''}`
}
