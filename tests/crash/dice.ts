/** Chance from a seed. mulberry32: small, and the same everywhere. */
export interface Dice {
  /** From 0 to below 1. */
  readonly roll: () => number
  /** A whole number, both ends included. */
  readonly between: (least: number, most: number) => number
  readonly one: <Item>(items: readonly Item[]) => Item
}

export function dice(seed: number): Dice {
  let state = seed
  const roll = () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
  const between = (least: number, most: number) => least + Math.floor(roll() * (most - least + 1))
  return {
    roll,
    between,
    one: items => {
      const item = items[between(0, items.length - 1)]
      if (item === undefined) throw new Error('There is nothing to choose from.')
      return item
    },
  }
}
