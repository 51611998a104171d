/** Chance that comes out the same each time, so that every demo lives through the same week. */
export interface Dice {
  /** From 0 to below `below`, whole. */
  readonly upTo: (below: number) => number
  readonly oneIn: (chances: number) => boolean
  readonly pick: <Value>(values: readonly Value[]) => Value
}

export function dice(seed: number): Dice {
  let state = seed
  const upTo = (below: number) => {
    // The minimal standard generator of Park and Miller.
    state = (state * 48_271) % 2_147_483_647
    return state % below
  }
  return {
    upTo,
    oneIn: chances => upTo(chances) === 0,
    pick: values => values[upTo(values.length)] as (typeof values)[number],
  }
}
