/** A stream of chance of its own name: a new draw in one part of the world does not shift the others. */
export interface Chance {
  /** From 0 to below 1. */
  readonly next: () => number
  /** True with probability `p`; draws nothing when `p` is 0. */
  readonly happens: (p: number) => boolean
  /** A whole number from `low` to `high`, both included. */
  readonly between: (low: number, high: number) => number
  readonly pick: <Item>(items: readonly Item[]) => Item
}

export function chanceOf(seed: number, name: string, onHappen?: () => void): Chance {
  const draw = sfc32(seed, name)
  const next = () => draw() / 4294967296
  const between = (low: number, high: number) => low + Math.floor(next() * (high - low + 1))
  return {
    next,
    between,
    happens(p) {
      const does = p > 0 && next() < p
      if (does) onHappen?.()
      return does
    },
    pick(items) {
      const item = items[between(0, items.length - 1)]
      if (item === undefined) throw new RangeError('There is nothing to pick from.')
      return item
    },
  }
}

/** sfc32 (Doty-Humphrey, public domain), begun with the name's FNV-1a hash: small, fast, and passes PractRand. */
function sfc32(seed: number, name: string): () => number {
  let [a, b, c, d] = [fnv1a(name, 2166136261 ^ seed), 0x9e3779b9 ^ seed, 0x243f6a88, 1]
  const draw = () => {
    const t = (((a + b) | 0) + d) | 0
    d = (d + 1) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = ((c << 21) | (c >>> 11)) + t
    return t >>> 0
  }
  for (let round = 0; round < 15; round += 1) draw()
  return draw
}

export function fnv1a(text: string, start = 2166136261): number {
  let hash = start
  for (let index = 0; index < text.length; index += 1)
    hash = Math.imul(hash ^ text.charCodeAt(index), 16777619)
  return hash >>> 0
}
