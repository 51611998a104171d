import { Problem } from '@linchpin/connector'
import { z } from 'zod'
import type { Operation } from './client.ts'
import { accept, reasonsIn, userErrors } from './errors.ts'
import { gid } from './ids.ts'
import type { Session } from './session.ts'
import type { Wanted } from './stock-writer.ts'

/**
 * Sets these, or none of them: then it answers which were refused, and why. Shopify wants a key for each request that
 * moves stock, and answers the first effect again for a key that it knows; a quantity may come back to what it once was,
 * so each request has a key of its own. What protects from doing it twice is the quantity that we saw.
 */
export async function setQuantities(
  { client, io }: Session,
  wanted: readonly Wanted[],
): Promise<ReadonlyMap<Wanted, Problem>> {
  const { inventorySetQuantities } = await client.ask(setting, {
    key: io.nonce(),
    input: {
      name: 'available',
      reason: 'correction',
      quantities: wanted.map(({ there, quantity }) => ({
        inventoryItemId: gid('InventoryItem', there.inventoryItem),
        locationId: gid('Location', there.location),
        quantity,
        changeFromQuantity: there.quantities.available,
      })),
    },
  })
  const errors = inventorySetQuantities.userErrors
  const refused = new Map<Wanted, Problem>()
  for (const error of errors) {
    // 'input', 'quantities', '3', 'quantity'
    const each = wanted[Number(error.field?.[2] ?? 'NaN')]
    if (!each) throw problemOf(error, reasonsIn(errors))
    refused.set(
      each,
      problemOf(error, `The stock of ${each.there.sku ?? each.there.id}: ${reasonsIn([error])}`),
    )
  }
  return refused
}

function problemOf({ code }: { readonly code?: string | null | undefined }, words: string): Problem {
  if (code === 'CHANGE_FROM_QUANTITY_STALE')
    return new Problem('conflict', `Someone bought or counted in Shopify meanwhile. ${words}`)
  if (code?.startsWith('IDEMPOTENCY_')) return new Problem('passing', words)
  return new Problem(code === 'INVALID_LOCATION' ? 'settings' : 'refused', words)
}

/** The variant was never stocked at this location. */
export async function activate({ client, io }: Session, { there, quantity }: Wanted): Promise<void> {
  const { inventoryActivate } = await client.ask(activating, {
    key: io.nonce(),
    item: gid('InventoryItem', there.inventoryItem),
    location: gid('Location', there.location),
    available: quantity,
  })
  accept(inventoryActivate.userErrors, `${there.sku ?? there.id} cannot be stocked in Shopify`)
}

/** Shopify sells without end what it does not count. */
export async function track({ client }: Session, { there }: Wanted): Promise<void> {
  const { inventoryItemUpdate } = await client.ask(tracking, {
    id: gid('InventoryItem', there.inventoryItem),
  })
  accept(inventoryItemUpdate.userErrors, `The stock of ${there.sku ?? there.id} cannot be counted in Shopify`)
}

const setData = z.object({ inventorySetQuantities: z.object({ userErrors }) })
export const setting: Operation<z.infer<typeof setData>> = {
  text: `mutation SetStock($input: InventorySetQuantitiesInput!, $key: String!) {
    inventorySetQuantities(input: $input) @idempotent(key: $key) { userErrors { field message code } } }`,
  data: setData,
}

const activateData = z.object({ inventoryActivate: z.object({ userErrors }) })
export const activating: Operation<z.infer<typeof activateData>> = {
  text: `mutation StockAt($item: ID!, $location: ID!, $available: Int!, $key: String!) {
    inventoryActivate(inventoryItemId: $item, locationId: $location, available: $available) @idempotent(key: $key) {
      userErrors { field message } } }`,
  data: activateData,
}

const trackData = z.object({ inventoryItemUpdate: z.object({ userErrors }) })
export const tracking: Operation<z.infer<typeof trackData>> = {
  text: `mutation CountStock($id: ID!) {
    inventoryItemUpdate(id: $id, input: { tracked: true }) { userErrors { field message } } }`,
  data: trackData,
}
