import pg from 'pg'
import { openEmbedded } from './embedded.ts'

/** A Linchpin of its own process, for tests to kill: it opens the folder, tells its URL, and stops on Ctrl-C. */
const lines: string[] = []
const database = await openEmbedded({ dataDir: process.argv[2] ?? '', log: line => lines.push(line) })
const { url, adopted } = database

const alive = setInterval(() => {}, 1_000)
process.once('SIGINT', () => {
  clearInterval(alive)
  void finish()
})
process.stdout.write(`${JSON.stringify({ url, adopted })}\n`)

async function finish(): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  const { rows } = await client.query<{ last: string }>(`SELECT 'work was finished' AS last`)
  await client.end()
  await database.stop()
  process.stdout.write(`${JSON.stringify({ last: rows[0]?.last, lines })}\n`)
}
