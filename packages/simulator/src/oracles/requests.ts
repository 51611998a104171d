import type { World } from '../world/world.ts'

/** Within any second no more than the bucket holds, what it fills in, and what all lanes hold ready. */
export function requestWrongs({ network, nodes, plan }: World): readonly string[] {
  return [...network.sent].flatMap(([remote, times]) => {
    let most = 0
    for (let first = 0, last = 0; last < times.length; last += 1) {
      while ((times[last] ?? 0) - (times[first] ?? 0) >= 1_000) first += 1
      most = Math.max(most, last - first + 1)
    }
    const bound = 2 * plan.remote.requestsMax + 6 * nodes.length
    return most > bound ? [`${remote} got ${most} requests within a second, more than ${bound}`] : []
  })
}

/**
 * In fair weather the least is known: each record is written once or twice, once for each change at its source, and once
 * for each time that the operator asks for it.
 */
export function writeWrongs({ plan, network, edits, twin }: World): readonly string[] {
  const disagree = plan.people.quarrel || plan.people.contrary
  if (!plan.fair && !disagree) return []
  const spare = disagree ? 40 : 2
  return [...network.writes].flatMap(([written, times]) => {
    const [target = '', key = ''] = written.split(' ')
    // What may be promised of an article changes with every order, too.
    if (key.includes('/StockLevel/')) return []
    const retries = twin.tables.journal.filter(
      line => line.what === 'retried' && `${line.connection}/${line.entity}/${line.id}` === key,
    )
    const most = spare + (edits.get(key) ?? 0) + retries.length
    return times > most ? [`${key} was written ${times} times to ${target}, more than ${most}`] : []
  })
}
