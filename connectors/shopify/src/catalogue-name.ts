import { contentHash } from '@linchpin/model'

/** How the name of a price list of ours ends: names are unique at Shopify, so nobody makes it twice. */
export const markOf = (key: string): string => ` · ${contentHash(key).slice(0, 8)}`

/** The name without our mark. */
export function withoutMark(name: string): string {
  return name.replace(/ · [0-9a-f]{8}$/, '')
}
