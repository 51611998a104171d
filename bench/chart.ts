import type { Results } from './summary.ts'

const [WIDTH, LEFT, ROW, TOP] = [760, 170, 34, 44]

/** Bars of throughput as ratios to the minimal inbox, for both targets. Plain SVG, readable on light and dark. */
export function chart({ entrants }: Results): string {
  const most = Math.max(...entrants.flatMap(({ ratio }) => [ratio.fast.median, ratio.slow.median]), 1)
  const scale = (WIDTH - LEFT - 70) / most
  const height = TOP + entrants.length * ROW + 8
  const bars = entrants.flatMap(({ title, ratio }, index) => {
    const y = TOP + index * ROW
    return [
      `<text x="${LEFT - 10}" y="${y + 17}" text-anchor="end">${title}</text>`,
      ...bar(y, ratio.fast.median, scale, '#2f6fb0'),
      ...bar(y + 13, ratio.slow.median, scale, '#d08a2e'),
    ]
  })
  const one = LEFT + scale
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" font-family="sans-serif" font-size="12" fill="#767676">`,
    `<title>Messages a second, as a multiple of the minimal inbox</title>`,
    `<rect x="${LEFT}" y="10" width="10" height="10" fill="#2f6fb0"/><text x="${LEFT + 15}" y="19">the target answers at once</text>`,
    `<rect x="${LEFT + 190}" y="10" width="10" height="10" fill="#d08a2e"/><text x="${LEFT + 205}" y="19">the target takes 20 ms</text>`,
    `<line x1="${one}" y1="${TOP - 12}" x2="${one}" y2="${height - 6}" stroke="#767676" stroke-dasharray="3 3"/>`,
    ...bars,
    '</svg>',
    '',
  ].join('\n')
}

function bar(y: number, value: number, scale: number, colour: string): readonly string[] {
  if (!Number.isFinite(value)) return []
  const width = (value * scale).toFixed(1)
  return [
    `<rect x="${LEFT}" y="${y}" width="${width}" height="11" fill="${colour}"/>`,
    `<text x="${LEFT + Number(width) + 5}" y="${y + 10}" font-size="10">${value.toFixed(2)}</text>`,
  ]
}
