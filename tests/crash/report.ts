import type { Outcome } from './run.ts'

/** What was done to them and what became of the orders, as a table in Markdown. */
export function tableOf(outcome: Outcome, noDisk: string | null): string {
  const { verdict, tally, seconds, ended, parked } = outcome
  const euros = (cents: number) => `${(cents / 100).toFixed(2)} EUR`
  const rows: readonly (readonly [string, string | number])[] = [
    ['orders that the shops took', verdict.taken],
    ['**lost**', verdict.lost.length],
    ['**doubled**', verdict.doubled.length],
    ['**cents off**', verdict.centsOff.length],
    ['not confirmed in the ERP', verdict.unconfirmed.length],
    ["without the ERP's number in the shop", verdict.untold.length],
    ['in an ERP, and no shop took it', verdict.invented.length],
    ['customers made twice', verdict.customersDoubled.length],
    ['parked for a person', parked.length],
    ['taken by the shops', euros(verdict.cents.taken)],
    ['booked in the ERPs', euros(verdict.cents.booked)],
    ['nodes killed (kill -9)', tally.nodesKilled],
    ['PostgreSQL killed (kill -9)', tally.postgresKilled],
    ['one connection of PostgreSQL killed (kill -9)', tally.backendsKilled],
    ['of these, all nodes and PostgreSQL at once', tally.blackouts],
    ['nodes that stood still', tally.nodesPaused],
    ['connections cut', tally.connectionsCut],
    ['answers swallowed after the effect', tally.answersSwallowed],
    ['disk full', noDisk === null ? tally.disksFilled : `not tried: ${noDisk}`],
    ['nodes that ended by themselves: starting, running', `${ended.starting}, ${ended.running}`],
    ['orders per second, with all this', (verdict.taken / seconds.flowing).toFixed(1)],
    ['from the last trouble until all was at rest', `${seconds.converging.toFixed(0)} s`],
    ['fsync', outcome.fsync],
  ]
  return ['| | |', '| --- | ---: |', ...rows.map(([what, value]) => `| ${what} | ${value} |`)].join('\n')
}

/** The first few of everything that is wrong, so that one knows where to look. */
export function faultsOf({ verdict, parked, complaints, ended }: Outcome): readonly string[] {
  const { lost, doubled, centsOff, unconfirmed, untold, invented, customersDoubled } = verdict
  const lists = { lost, doubled, centsOff, unconfirmed, untold, invented, customersDoubled, parked }
  return [
    ...complaints,
    ...(ended.running > 0 ? [`A running node ended by itself, ${ended.running} times: see its log.`] : []),
    ...Object.entries(lists).flatMap(([name, list]) => list.slice(0, 5).map(words => `${name}: ${words}`)),
  ]
}
