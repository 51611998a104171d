import type { Results, Spread, Summary } from './summary.ts'

/** The figures as tables of Markdown: on the screen, and in docs/benchmarks.md. */
export function table(results: Results): string {
  return [
    ...machineLines(results),
    '### Throughput, and what the sink saw',
    throughput(results.entrants),
    '### At half load',
    halfLoad(results.entrants),
    ...furtherTables(results),
    '### Goals',
    goals(results),
    ...results.notRun.map(({ title, reason }) => `Not run: ${title}: ${reason}`),
  ].join('\n\n')
}

function machineLines({ machine, loadAtEnd, form, messages, seconds, entrants }: Results): readonly string[] {
  const { cpu, cores, memoryGb, system, node, at, commit, load } = machine
  const rounds = Math.max(...entrants.map(entrant => entrant.rounds.length))
  return [
    `${cpu}, ${cores} cores, ${memoryGb} GB, ${system}, Node ${node}. Commit ${commit}, ${at.slice(0, 16)} UTC, form *${form}*: ${rounds} rounds of ${messages} messages, ${seconds} s.`,
    `Load of the machine when it began ${load[0]}, when it ended ${loadAtEnd[0]?.toFixed(1)} (${cores} would be full).`,
  ]
}

function throughput(entrants: readonly Summary[]): string {
  const head = [
    'contestant',
    'msg/s, target 0 ms',
    'to the inbox',
    'msg/s, target 20 ms',
    'to the inbox',
    'CPU ms a message',
    'to the inbox',
    'lost / doubled / out of order',
  ]
  const rows = entrants.map(({ title, median, ratio, faults }) => [
    title,
    whole(median.fast),
    spreadOf(ratio.fast),
    whole(median.slow),
    spreadOf(ratio.slow),
    median.cpuMs.toFixed(2),
    spreadOf(ratio.cpu),
    `${faults.lost} / ${faults.doubled} / ${faults.reordered}`,
  ])
  return markdown(head, rows)
}

function halfLoad(entrants: readonly Summary[]): string {
  const head = [
    'contestant',
    'answer p50 / p99 ms',
    'event to call p50 / p99 ms',
    'memory idle / peak MB',
    'start s',
    'a webhook is answered when it is',
  ]
  const rows = entrants.map(({ title, median, promise }) => [
    title,
    `${median.ackP50.toFixed(1)} / ${median.ackP99.toFixed(1)}`,
    `${median.callP50.toFixed(1)} / ${median.callP99.toFixed(1)}`,
    `${whole(median.idleMb)} / ${whole(median.peakMb)}`,
    (median.startMs / 1_000).toFixed(1),
    promise,
  ])
  return markdown(head, rows)
}

function furtherTables({ calls, claim, workers }: Results): readonly string[] {
  if (calls.length === 0) return []
  return [
    '### Linchpin: calls, claims, workers',
    markdown(
      ['what', 'reads at the source', 'calls to the target', 'the least possible'],
      calls.map(({ what, reads, creates, leastCalls }) => [
        what,
        whole(reads),
        whole(creates),
        whole(leastCalls),
      ]),
    ),
    markdown(
      ['deliveries owed', 'a claim of 20, p50 ms', 'p99 ms'],
      claim.map(({ owed, p50Ms, p99Ms }) => [owed.toLocaleString('en'), p50Ms.toFixed(2), p99Ms.toFixed(2)]),
    ),
    markdown(
      ['workers, target 20 ms', 'msg/s'],
      workers.map(({ workers: count, perSecond }) => [String(count), whole(perSecond)]),
    ),
  ]
}

function goals(results: Results): string {
  const rows = results.goals.map(({ what, goal, value, met }) => [
    what,
    goal,
    value === null ? '' : value.toFixed(2).replace(/\.?0+$/, ''),
    met === null ? 'not measured' : met ? 'met' : 'missed',
  ])
  return markdown(['goal', 'wanted', 'found', ''], rows)
}

const whole = (value: number) => Math.round(value).toLocaleString('en')
const spreadOf = ({ median, least, most }: Spread) =>
  Number.isFinite(least) ? `${median.toFixed(2)} (${least.toFixed(2)}–${most.toFixed(2)})` : ''

function markdown(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  return [
    line(head),
    line(head.map((_cell, index) => (index === 0 ? '---' : '---:'))),
    ...rows.map(line),
  ].join('\n')
}
