import pg from 'pg'
import type { Order } from '../message.ts'
import { deliver, inGroups, LANES, openDoor, openPostgres } from './bench-process.ts'

/**
 * The minimal inbox, by hand: the body is committed in groups and handed to the lanes from memory; the table is read
 * again only after an overflow. It does not order, coalesce, retry, park or trace. A limit, not an engine.
 */
const MOST_IN_MEMORY = 10_000

const pool = new pg.Pool({ connectionString: await openPostgres(), max: 8 })
pool.on('error', () => {})
await pool.query('create table inbox (id bigint primary key, body text not null)')

const keep = inGroups<Kept>(256, rows => {
  const places = rows.map((_row, index) => `($${2 * index + 1},$${2 * index + 2})`).join(',')
  return pool.query({
    name: `keep ${rows.length}`,
    text: `insert into inbox (id, body) values ${places}`,
    values: rows.flatMap(({ id, body }) => [id, body]),
  })
})
const forget = inGroups<number>(1_000, ids =>
  pool.query({ name: 'forget', text: 'delete from inbox where id = any($1::bigint[])', values: [ids] }),
)

interface Kept {
  readonly id: number
  readonly body: string
}
let waiting: Kept[] = []
let [first, running, lastId, highest] = [0, 0, 0, 0]
let overflow = false
let reading = false

function go(): void {
  while (running < LANES && first < waiting.length) {
    const { id, body } = waiting[first] as Kept
    first += 1
    running += 1
    void deliver(JSON.parse(body) as Order)
      .then(() => forget(id))
      .finally(() => {
        running -= 1
        go()
      })
  }
  if (first > 4_096) [waiting, first] = [waiting.slice(first), 0]
  if (overflow && waiting.length - first < LANES) void readBack()
}

async function readBack(): Promise<void> {
  if (reading) return
  reading = true
  const { rows } = await pool.query<{ id: string; body: string }>(
    'select id, body from inbox where id > $1 order by id limit 5000',
    [highest],
  )
  for (const row of rows) waiting.push({ id: (highest = Number(row.id)), body: row.body })
  if (rows.length < 5_000) overflow = false
  reading = false
  go()
}

await openDoor(async body => {
  const kept = { id: (lastId += 1), body }
  await keep(kept)
  if (overflow || waiting.length - first >= MOST_IN_MEMORY) overflow = true
  else {
    waiting.push(kept)
    highest = Math.max(highest, kept.id)
  }
  go()
})
