const UNITS = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const

/** '10s', '5m', '2h' in milliseconds. Throws for anything else. */
export function milliseconds(duration: string): number {
  const [, count, unit] = /^(\d+)(ms|s|m|h|d)$/.exec(duration) ?? []
  if (count === undefined || unit === undefined) throw new Error(`"${duration}" is no duration like "10s".`)
  return Number(count) * UNITS[unit as keyof typeof UNITS]
}
