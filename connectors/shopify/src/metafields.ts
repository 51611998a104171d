import { z } from 'zod'
import type { Operation } from './client.ts'
import { accept, userErrors } from './errors.ts'
import type { Session } from './session.ts'

/** Our own metafields: what Shopify has no field for. Their type is given when they are made, and stays. */
export const ownTypes = {
  erp_number: 'single_line_text_field',
  invoices: 'json',
  credit_notes: 'json',
  shipments: 'json',
  vat_id: 'single_line_text_field',
} as const
export type OwnKey = keyof typeof ownTypes

/** All of them or none. */
export async function setOwn(
  { client, settings }: Session,
  ownerId: string,
  values: Readonly<Partial<Record<OwnKey, string>>>,
  what: string,
): Promise<void> {
  const metafields = Object.entries(values).map(([key, value]) => ({
    ownerId,
    namespace: settings.namespace,
    key,
    type: ownTypes[key as OwnKey],
    value,
  }))
  if (metafields.length === 0) return
  const { metafieldsSet } = await client.ask(setting, { metafields })
  accept(metafieldsSet.userErrors, what)
}

const setData = z.object({ metafieldsSet: z.object({ userErrors }) })
export const setting: Operation<z.infer<typeof setData>> = {
  text: `mutation SetMetafields($metafields: [MetafieldsSetInput!]!) {
    metafieldsSet(metafields: $metafields) { userErrors { field message code } } }`,
  data: setData,
}
