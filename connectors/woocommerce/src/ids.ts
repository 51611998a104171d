/** Our ids are texts, WooCommerce's are numbers: what is not one cannot be a record there. */
export function numberOf(id: string): number | null {
  return /^[1-9]\d{0,14}$/.test(id) ? Number(id) : null
}

/** A batch and an `include` take a hundred. */
export function inChunks<Item>(items: readonly Item[], size = 100): Item[][] {
  const chunks: Item[][] = []
  for (let at = 0; at < items.length; at += size) chunks.push(items.slice(at, at + size))
  return chunks
}
