import { readFileSync, writeFileSync } from 'node:fs'
import { chart } from './chart.ts'
import type { Results } from './summary.ts'
import { table } from './table.ts'

const PAGE = new URL('../docs/benchmarks.md', import.meta.url)
const PICTURE = new URL('../docs/pictures/benchmark.svg', import.meta.url)
const [BEGIN, END] = ['<!-- figures, by `npm run bench -- --save` -->', '<!-- end of figures -->']

/** Puts the tables into docs/benchmarks.md and draws the picture: no figure there is written by hand. */
export function writeReport(results: Results): void {
  const page = readFileSync(PAGE, 'utf8')
  const [before, after] = [page.indexOf(BEGIN), page.indexOf(END)]
  if (before < 0 || after < 0) throw new Error(`docs/benchmarks.md has lost its marks: ${BEGIN} and ${END}.`)
  writeFileSync(PAGE, `${page.slice(0, before)}${BEGIN}\n\n${table(results)}\n\n${page.slice(after)}`)
  writeFileSync(PICTURE, chart(results))
}
