import { Problem } from '@linchpin/connector'
import { stableJson } from '@linchpin/model'
import { z } from 'zod'
import { TRACKING } from './order-row.ts'
import type { Meta } from './wire.ts'

/** Custom fields that an operator's mapping fills: `meta_data[key=gift].value`. */
export const metaWrite = z.array(z.object({ key: z.string().min(1), value: z.json().optional() })).optional()
type MetaWrite = z.infer<typeof metaWrite>

/** These entries as they are sent. WooCommerce replaces those of the same key and keeps the others. */
export function metaOf(written: MetaWrite, own: readonly string[] = []): Meta[] {
  const taken = written?.find(
    ({ key }) => key.startsWith('_linchpin_') || key === TRACKING || own.includes(key),
  )
  if (taken)
    throw new Problem(
      'refused',
      `Linchpin itself fills ${taken.key} of meta_data. Give the field in the mapping another key.`,
    )
  return written?.flatMap(({ key, value }) => (value === undefined ? [] : [{ key, value }])) ?? []
}

/** The entries that the record does not have yet, or has with another value. */
export function missingMeta(there: { readonly meta_data: readonly Meta[] }, wanted: readonly Meta[]): Meta[] {
  return wanted.filter(({ key, value }) => {
    const found = there.meta_data.find(each => each.key === key)
    return found === undefined || stableJson(found.value) !== stableJson(value)
  })
}
