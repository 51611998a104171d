import type { TrendAnswer } from '@linchpin/api'

export type Point = TrendAnswer[number]

export const wrongAt = ({ kinds }: Pick<Point, 'kinds'>) =>
  Object.values(kinds).reduce((sum, count) => sum + count, 0)

const WEEK_MS = 7 * 24 * 3_600_000

/** What today is held against: the newest comparison that is a week old, or else the oldest. Null: there is but one. */
export function thenOf(trend: readonly Point[], now: number): Point | null {
  if (trend.length < 2) return null
  return trend.findLast(({ at }) => Date.parse(at) <= now - WEEK_MS) ?? trend[0] ?? null
}

export interface Box {
  readonly width: number
  readonly height: number
}

/**
 * The line through these comparisons as an SVG path, by time and by how many differed: between two of them nobody knows,
 * so that it stays as it was and then steps.
 */
export function lineOf(trend: readonly Point[], { width, height }: Box): string {
  const times = trend.map(({ at }) => Date.parse(at))
  const [from = 0, to = 0] = [times[0], times.at(-1)]
  const most = Math.max(1, ...trend.map(wrongAt))
  const x = (time: number) => round(to === from ? width : ((time - from) / (to - from)) * width)
  const y = (point: Point) => round(height - (wrongAt(point) / most) * height)
  const [first, ...rest] = trend
  if (first === undefined) return ''
  const begin = `M0 ${y(first)}`
  const steps = rest.map((point, index) => `H${x(times[index + 1] ?? from)}V${y(point)}`)
  return [begin, ...(rest.length === 0 ? [`H${width}`] : steps)].join('')
}

const round = (value: number) => Math.round(value * 100) / 100
