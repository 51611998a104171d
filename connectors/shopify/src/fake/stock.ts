import type { Books, Variant } from './books.ts'
import { touchProduct } from './catalogue.ts'
import { answered, Refusal, refuse, type UserError } from './failure.ts'
import { idIn } from './lists.ts'

interface Quantity {
  readonly inventoryItemId: string
  readonly locationId: string
  readonly quantity: number
  readonly changeFromQuantity?: number | null
}

export function stockFields(books: Books) {
  return {
    inventorySetQuantities: ({
      input,
    }: {
      input: { readonly name: string; readonly quantities: readonly Quantity[] }
    }) => answered(() => setQuantities(books, input)),
    inventoryActivate: (args: {
      readonly inventoryItemId: string
      readonly locationId: string
      readonly available?: number
    }) =>
      answered(() => {
        const there =
          variantOf(books, args.inventoryItemId) ??
          refuse(['inventoryItemId'], 'Inventory item does not exist.')
        const location = idIn('Location', args.locationId)
        if (there.levels[location]) {
          if (args.available !== undefined)
            refuse(
              ['available'],
              'Not allowed to set available quantity when the item is already active at the location.',
            )
          return {}
        }
        put(books, there, location, { available: args.available ?? 0, committed: 0 })
        return {}
      }),
    inventoryItemUpdate: ({ id, input }: { id: string; input: { readonly tracked?: boolean } }) =>
      answered(() => {
        const there =
          variantOf(books, id) ?? refuse(['id'], "The product couldn't be updated because it does not exist.")
        books.variants.put(there.id, { ...there, tracked: input.tracked ?? there.tracked })
        return {}
      }),
  }
}

/** All of them or none; each is compared with what the caller saw. */
function setQuantities(
  books: Books,
  { name, quantities }: { name: string; quantities: readonly Quantity[] },
): Record<string, unknown> {
  if (name !== 'available' && name !== 'on_hand')
    refuse(['input', 'name'], 'The specified quantity name is invalid.', 'INVALID_NAME')
  const errors = quantities.flatMap((each, at): UserError[] => {
    const [field, message, code] = troubleOf(books, each) ?? []
    return field && message && code
      ? [{ field: ['input', 'quantities', String(at), field], message, code }]
      : []
  })
  if (errors.length > 0) throw new Refusal(errors)
  for (const each of quantities) {
    const there = variantOf(books, each.inventoryItemId)!
    const location = idIn('Location', each.locationId)
    const level = there.levels[location]!
    const available = name === 'available' ? each.quantity : each.quantity - level.committed
    put(books, there, location, { ...level, available })
  }
  return { inventoryAdjustmentGroup: null }
}

function troubleOf(books: Books, each: Quantity): readonly [string, string, string] | null {
  const there = variantOf(books, each.inventoryItemId)
  if (!there)
    return ['inventoryItemId', 'The specified inventory item could not be found.', 'INVALID_INVENTORY_ITEM']
  const level = there.levels[idIn('Location', each.locationId)]
  if (!level) return ['locationId', 'The specified location could not be found.', 'INVALID_LOCATION']
  if (each.quantity > 1_000_000_000)
    return ['quantity', 'The quantity is too high.', 'INVALID_QUANTITY_TOO_HIGH']
  const seen = each.changeFromQuantity
  if (seen === undefined)
    return [
      'changeFromQuantity',
      'The changeFromQuantity argument must be given, or be null.',
      'COMPARE_QUANTITY_REQUIRED',
    ]
  if (typeof seen === 'number' && seen !== level.available)
    return [
      'changeFromQuantity',
      'The changeFromQuantity argument no longer matches the persisted quantity.',
      'CHANGE_FROM_QUANTITY_STALE',
    ]
  return null
}

function variantOf(books: Books, item: string): Variant | undefined {
  return books.variants.get(idIn('InventoryItem', item))
}

/** Stock moves a product's stamp, too. */
function put(
  books: Books,
  there: Variant,
  location: string,
  level: { available: number; committed: number },
): void {
  books.variants.put(there.id, { ...there, levels: { ...there.levels, [location]: level } })
  touchProduct(books, there.product)
}
