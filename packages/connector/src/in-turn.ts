/**
 * Does this with each, one after the other. `Promise.all` would ask a remote for all at once, however little it can
 * bear: the limit `atOnce` counts what Linchpin has under way, and not what each of these asks for beside the other.
 */
export async function inTurn<Item, Result>(
  items: readonly Item[],
  work: (item: Item, turn: number) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = []
  for (const [turn, item] of items.entries()) results.push(await work(item, turn))
  return results
}
