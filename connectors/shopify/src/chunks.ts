/** The same items in their order, so many at once as Shopify takes; the last may be fewer. */
export function chunksOf<Item>(items: readonly Item[], atOnce: number): readonly (readonly Item[])[] {
  const count = Math.ceil(items.length / atOnce)
  return Array.from({ length: count }, (_, at) => items.slice(at * atOnce, (at + 1) * atOnce))
}
