import { runsOf, sum, type Run, type Tally } from '../conformance/record.ts'

/** One column for each run that is recorded: against what and when, and of each entity how many checks passed. */
export function checkedColumns(id: string, entities: readonly string[]): readonly (readonly string[])[] {
  return runsOf(id).map(run => [
    `checked: ${titleOf(run)}`,
    ...entities.map(entity => passedOf(run.entities[entity])),
  ])
}

/** All entities together, for the table of the README. */
export function checkedInShort(id: string): string {
  const words = runsOf(id).map(run => {
    const all = Object.values(run.entities).reduce((one, other) => sum(one, other))
    return `${titleOf(run)}: ${passedOf(all)}`
  })
  return words.join('; ')
}

const titleOf = ({ against, date }: Run) => `${against}, ${date}`

const passedOf = (tally: Tally | undefined) =>
  tally === undefined ? '' : `${tally.passed} of ${tally.passed + tally.failed}`
