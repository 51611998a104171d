import { spawn, type ChildProcess } from 'node:child_process'
import { copyFileSync, readdirSync } from 'node:fs'
import { connect, createServer, type AddressInfo } from 'node:net'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { freePort } from '../free-port.ts'
import { startPostgres } from '../support/postgres.ts'
import { ended, until } from '../support/process.ts'
import { install } from './install.ts'

export interface RealMedusa {
  readonly url: string
  readonly email: string
  readonly password: string
  stop(): Promise<void>
}

/**
 * Starts a real, empty Medusa 2.21.2 with a PostgreSQL of its own, on this machine only. `dir` keeps what npm installed
 * for the next time; the shop itself is gone when stopped.
 */
export async function startMedusa(options: {
  readonly dir: string
  readonly log: (line: string) => void
  /** Where our subscriber tells of changes; it is not installed when left out. */
  readonly webhook?: { readonly url: string; readonly secret: string }
}): Promise<RealMedusa> {
  const { dir, log, webhook } = options
  const folder = await install(dir, log)
  copyFileSync(here('medusa-config.cjs'), join(folder, 'medusa-config.js'))
  const postgres = await startPostgres(log)
  const door = await openDoor(postgres.host)
  const [email, password] = ['admin@example.test', 'admin-of-a-throw-away-shop']
  const plugin = webhook && { resolve: here('../../../connectors/medusa/subscriber'), options: {} }
  const databaseUrl = `postgres://${postgres.username}@127.0.0.1:${door.port}/${postgres.database}`
  const env = {
    ...process.env,
    MEDUSA: JSON.stringify({ databaseUrl, plugin }),
    ...(webhook && { LINCHPIN_URL: webhook.url, LINCHPIN_SECRET: webhook.secret }),
    MEDUSA_DISABLE_TELEMETRY: '1',
    NODE_ENV: 'development',
    TZ: 'UTC',
  }
  const run = (...args: string[]) => {
    const child = spawn(process.execPath, [join(folder, 'node_modules/@medusajs/cli/cli.js'), ...args], {
      cwd: folder,
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => log(`medusa: ${chunk.toString().trim()}`))
    return child
  }
  let server: ChildProcess | null = null
  const stop = async () => {
    server?.kill('SIGTERM')
    if (server) await ended(server)
    door.close()
    await postgres.stop()
  }
  try {
    await done(run('db:migrate'), 'the tables of Medusa')
    await done(run('user', '-e', email, '-p', password), 'the user of Medusa')
    const port = await freePort()
    server = run('start', '-H', '127.0.0.1', '-p', String(port))
    const url = `http://127.0.0.1:${port}`
    await until(() => answers(`${url}/health`), { within: 120_000, what: 'Medusa to answer', or: server })
    return { url, email, password, stop }
  } catch (cause) {
    await stop()
    throw cause
  }
}

/** Medusa does not know sockets in the file system, and ours has no other: so one of this machine leads to it. */
async function openDoor(folder: string): Promise<{ readonly port: number; readonly close: () => void }> {
  const name = readdirSync(folder).find(each => /^\.s\.PGSQL\.\d+$/.test(each)) ?? ''
  const server = createServer(outside => {
    const inside = connect(join(folder, name))
    outside.pipe(inside).pipe(outside)
    outside.on('error', () => inside.destroy())
    inside.on('error', () => outside.destroy())
  })
  await new Promise<void>(resolve => void server.listen(0, '127.0.0.1', resolve))
  return { port: (server.address() as AddressInfo).port, close: () => void server.close() }
}

async function done(child: ChildProcess, what: string): Promise<void> {
  await ended(child)
  if (child.exitCode !== 0) throw new Error(`Making ${what} ended with ${child.exitCode}.`)
}

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))

async function answers(url: string): Promise<boolean> {
  return fetch(url).then(
    response => response.ok,
    () => false,
  )
}
