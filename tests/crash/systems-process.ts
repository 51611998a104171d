import { fork } from 'node:child_process'
import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Books } from './books.ts'
import type { Counts, Ports } from './systems.ts'
import type { Wish } from './wishes.ts'

/** The look-alikes, seen from outside. */
export interface Systems {
  readonly ports: Ports
  readonly place: (wishes: readonly Wish[]) => Promise<void>
  readonly counts: () => Promise<Counts>
  readonly books: () => Promise<Books>
  readonly end: () => void
}

export async function startSystems(logs: string): Promise<Systems> {
  const file = fileURLToPath(new URL('systems.ts', import.meta.url))
  const child = fork(file, { execArgv: ['--import', 'tsx'], silent: true })
  const log = createWriteStream(join(logs, 'lookalikes.log'))
  child.stderr?.pipe(log)
  const gone = once(child, 'exit').then(() => {
    throw new Error(`The look-alikes ended: see ${join(logs, 'lookalikes.log')}.`)
  })
  gone.catch(() => {})
  const said = child.stdout ? once(child.stdout.setEncoding('utf8'), 'data') : gone
  const [line] = (await Promise.race([said, gone])) as [string]
  const ports = JSON.parse(line) as Ports
  const ask = async <Answer>(path: string, body?: unknown): Promise<Answer> => {
    const init = body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }
    const answer = fetch(`http://127.0.0.1:${ports.control}${path}`, init)
    return (await (await Promise.race([answer, gone])).json()) as Answer
  }
  return {
    ports,
    place: async wishes => void (await ask('/place', wishes)),
    counts: () => ask('/counts'),
    books: () => ask('/books'),
    end: () => void child.kill('SIGKILL'),
  }
}
