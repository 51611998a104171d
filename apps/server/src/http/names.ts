import type { Connection, Flow, Setup } from '@linchpin/engine'
import { Refusal } from './problem.ts'

/** What somebody named, or a refusal that says which names there are. */
export function namedConnection({ connections }: Setup, name: string): Connection {
  const found = connections.get(name)
  if (!found) throw unknownName('connection', name, [...connections.keys()])
  return found
}

/** Two whose records are linked. Who speaks to neither of them is not believed by those who do. */
export function namedPair(setup: Setup, left: string, right: string): void {
  const names = [left, right].map(name => namedConnection(setup, name).name)
  if (names.some(name => setup.here.has(name))) return
  const words = `This process speaks to neither ${left} nor ${right}. Ask the adapter of one of them.`
  throw new Refusal(409, 'not-here', words)
}

export function namedFlow({ flows }: Setup, name: string): Flow {
  const found = flows.find(flow => flow.name === name)
  if (found) return found
  throw unknownName(
    'flow',
    name,
    flows.map(flow => flow.name),
  )
}

function unknownName(what: string, name: string, known: readonly string[]): Refusal {
  return new Refusal(404, `no-${what}`, `There is no ${what} named ${name}. There are: ${known.join(', ')}.`)
}
