import { contentHash } from '@linchpin/model'
import { getDirectiveValues, type GraphQLResolveInfo } from 'graphql'
import type { Books } from './books.ts'
import { failure } from './failure.ts'

/**
 * The mutations whose descriptions say that they need a key as of 2026-04. The schema lets them pass without one; Shopify
 * does not.
 */
export const keyed: readonly string[] = [
  'inventoryActivate',
  'inventoryAdjustQuantities',
  'inventoryMoveQuantities',
  'inventorySetOnHandQuantities',
  'inventorySetQuantities',
  'inventoryShipmentAddItems',
  'inventoryShipmentCreate',
  'inventoryShipmentCreateInTransit',
  'inventoryShipmentReceive',
  'inventoryTransferCreate',
  'inventoryTransferCreateAsReadyToShip',
  'inventoryTransferDuplicate',
  'inventoryTransferSetItems',
  'locationActivate',
  'locationDeactivate',
  'refundCreate',
]

/** A key that was seen is answered as it was the first time, and does nothing. */
export function once(
  books: Books,
  args: object,
  { fieldName, fieldNodes, schema, variableValues }: GraphQLResolveInfo,
  work: () => object,
): object {
  const directive = schema.getDirective('idempotent')
  const [node] = fieldNodes
  const given = directive && node ? getDirectiveValues(directive, node, variableValues) : undefined
  const key = given?.['key']
  if (typeof key !== 'string' || key === '')
    throw failure(
      'BAD_REQUEST',
      'The @idempotent directive is required for this mutation but was not provided.',
    )
  const hash = contentHash([fieldName, args])
  const known = books.keys.get(key)
  if (known && known.hash !== hash)
    return {
      userErrors: [
        {
          field: null,
          message: 'The same idempotency key cannot be used with different operation parameters.',
          code: 'IDEMPOTENCY_KEY_PARAMETER_MISMATCH',
        },
      ],
    }
  if (known) return known.answer
  const answer = work()
  books.keys.put(key, { hash, answer })
  return answer
}
