/**
 * The known name that was probably meant: the one with the fewest letters to change, if less than half of them must
 * be. Letters' case counts little: people write `sku` for `SKU`.
 */
export function nearest(name: string, known: Iterable<string>): string | undefined {
  let best: { readonly name: string; readonly distance: number } | undefined
  for (const each of known) {
    const distance = editDistance(name.toLowerCase(), each.toLowerCase())
    if (!best || distance < best.distance) best = { name: each, distance }
  }
  return best && best.distance * 2 <= Math.max(name.length, best.name.length) ? best.name : undefined
}

/** Letters to insert, take out, change or swap with their neighbour (Damerau, optimal string alignment). */
export function editDistance(left: string, right: string): number {
  const rows: number[][] = [Array.from({ length: right.length + 1 }, (_, index) => index)]
  for (let i = 1; i <= left.length; i++) {
    const row = [i]
    for (let j = 1; j <= right.length; j++) row.push(cheapest(left, right, rows, row, i, j))
    rows.push(row)
  }
  return rows[left.length]?.[right.length] ?? 0
}

function cheapest(
  left: string,
  right: string,
  rows: readonly number[][],
  row: readonly number[],
  i: number,
  j: number,
): number {
  const above = rows[i - 1] ?? []
  const change = left[i - 1] === right[j - 1] ? 0 : 1
  const swapped = i > 1 && j > 1 && left[i - 1] === right[j - 2] && left[i - 2] === right[j - 1]
  return Math.min(
    (above[j] ?? 0) + 1,
    (row[j - 1] ?? 0) + 1,
    (above[j - 1] ?? 0) + change,
    swapped ? (rows[i - 2]?.[j - 2] ?? 0) + 1 : Infinity,
  )
}
