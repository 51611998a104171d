import { Problem } from '@linchpin/connector'
import { z } from 'zod'
import type { Operation } from './client.ts'
import { accept, reasonsIn, userErrors } from './errors.ts'
import type { Session } from './session.ts'

/** Our own metafields: what Shopify has no field for. Their type is given when they are made, and stays. */
const ownTypes = {
  erp_number: 'single_line_text_field',
  invoices: 'json',
  credit_notes: 'json',
  shipments: 'json',
  vat_id: 'single_line_text_field',
} as const
export type OwnKey = keyof typeof ownTypes

/** A metafield as it was seen; `compareDigest` is Shopify's short form of its value. */
export const seenOwn = z.object({ value: z.string(), compareDigest: z.string() }).nullable()
export type SeenOwn = z.infer<typeof seenOwn>
export const seenSelection = 'value compareDigest'

/** Sets it, whatever it was. */
export async function setOwn(
  session: Session,
  ownerId: string,
  key: OwnKey,
  value: string,
  what: string,
): Promise<void> {
  accept((await send(session, { ownerId, key, value })).userErrors, what)
}

/**
 * Sets it if it still is what we saw, or still is not there: two of us may have something to add to one list. Answers it as
 * it is now.
 */
export async function changeOwn(
  session: Session,
  ownerId: string,
  key: OwnKey,
  { seen, value }: { readonly seen: SeenOwn; readonly value: string },
  what: string,
): Promise<SeenOwn> {
  const compareDigest = seen?.compareDigest ?? null
  const { userErrors: errors, metafields } = await send(session, { ownerId, key, value, compareDigest })
  if (errors.some(({ code }) => code === 'STALE_OBJECT'))
    throw new Problem('conflict', `${what}: someone changed it meanwhile. ${reasonsIn(errors)}`)
  accept(errors, what)
  return metafields?.[0] ?? null
}

async function send(
  { client, settings }: Session,
  given: { readonly key: OwnKey; readonly [more: string]: unknown },
) {
  const metafield = { ...given, namespace: settings.namespace, type: ownTypes[given.key] }
  const { metafieldsSet } = await client.ask(setting, { metafields: [metafield] })
  return metafieldsSet
}

const setData = z.object({
  metafieldsSet: z.object({ metafields: z.array(seenOwn).nullish(), userErrors }),
})
export const setting: Operation<z.infer<typeof setData>> = {
  text: `mutation SetMetafields($metafields: [MetafieldsSetInput!]!) {
    metafieldsSet(metafields: $metafields) {
      metafields { ${seenSelection} } userErrors { field message code } } }`,
  data: setData,
}
