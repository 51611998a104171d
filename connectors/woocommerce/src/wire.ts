import { decimal } from '@linchpin/model'
import { z } from 'zod'

/** The shapes that many of WooCommerce's rows share. Loose: fields of plugins stay. */
export const metaData = z.array(
  z.looseObject({ id: z.number().optional(), key: z.string(), value: z.json().optional() }),
)
export type Meta = z.infer<typeof metaData>[number]

export const postal = z.looseObject({
  first_name: z.string().optional(),
  last_name: z.string().optional(),
  company: z.string().optional(),
  address_1: z.string().optional(),
  address_2: z.string().optional(),
  city: z.string().optional(),
  state: z.string().optional(),
  postcode: z.string().optional(),
  country: z.string().optional(),
  email: z.string().nullish(),
  phone: z.string().optional(),
})

/** Amounts come as texts; an empty one is none. */
export const money = z.union([decimal, z.literal('')])

/** WooCommerce's GMT stamps name no zone: '2026-11-23T10:15:00'. Null while it has not happened. */
export const stamp = z.string().nullable()

export function metaValue(row: { meta_data?: readonly Meta[] | undefined }, key: string): unknown {
  return row.meta_data?.find(meta => meta.key === key)?.value
}

/** '2026-11-23T10:15:00' → '2026-11-23T10:15:00.000Z', which compares as times do. */
export function instantOf(gmt: string | null | undefined): string {
  return gmt ? new Date(`${gmt.replace(/Z$/, '')}Z`).toISOString() : new Date(0).toISOString()
}

/** Our instant as WooCommerce writes and compares times: in whole seconds, without a zone, GMT. */
export function gmtOf(instant: string): string {
  return new Date(instant).toISOString().slice(0, 19)
}
