import { spawn } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { freePort } from '../free-port.ts'
import { install } from './install.ts'
import { startPostgres } from '../support/postgres.ts'
import { ended, until } from '../support/process.ts'

export interface RealVendure {
  readonly adminUrl: string
  readonly shopUrl: string
  readonly username: string
  readonly password: string
  stop(): Promise<void>
}

/**
 * Starts a real, empty Vendure 3.7.3 with a PostgreSQL of its own, on this machine only. `dir` keeps what npm
 * installed for the next time; the shop itself is gone when stopped.
 */
export async function startVendure(options: {
  readonly dir: string
  readonly log: (line: string) => void
  /** Whether its owner added the custom fields that the connector can use. */
  readonly customFields?: boolean
  /** Where our plugin tells of changes; it is not installed when left out. */
  readonly webhook?: { readonly url: string; readonly secret: string }
}): Promise<RealVendure> {
  const { dir, log, customFields = true, webhook } = options
  const folder = await install(dir, log)
  const postgres = await startPostgres(log)
  const port = await freePort()
  const [username, password] = ['superadmin', 'superadmin-of-a-throw-away-shop']
  const assets = join(dir, 'assets')
  mkdirSync(assets, { recursive: true })
  const given = {
    port,
    username,
    password,
    customFields,
    assets,
    webhook,
    plugin: fileURLToPath(new URL('../../../connectors/vendure/plugin/linchpin-plugin.cjs', import.meta.url)),
    postgres: { host: postgres.host, username: postgres.username, database: postgres.database },
  }
  const server = spawn(process.execPath, [fileURLToPath(new URL('server.mjs', import.meta.url))], {
    cwd: folder,
    env: { ...process.env, VENDURE: JSON.stringify(given), VENDURE_DISABLE_TELEMETRY: 'true', TZ: 'UTC' },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  for (const stream of [server.stdout, server.stderr])
    stream.on('data', (chunk: Buffer) => log(`vendure: ${chunk.toString().trim()}`))
  const stop = async () => {
    server.kill('SIGTERM')
    await ended(server)
    await postgres.stop()
  }
  try {
    const health = `http://127.0.0.1:${port}/health`
    await until(() => answers(health), { within: 120_000, what: 'Vendure to answer', or: server })
  } catch (cause) {
    await stop()
    throw cause
  }
  return {
    adminUrl: `http://127.0.0.1:${port}/admin-api`,
    shopUrl: `http://127.0.0.1:${port}/shop-api`,
    username,
    password,
    stop,
  }
}

async function answers(url: string): Promise<boolean> {
  return fetch(url).then(
    response => response.ok,
    () => false,
  )
}
