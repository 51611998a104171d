import { existsSync, readFileSync } from 'node:fs'
import { extname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseYAML } from 'confbox'
import { createJiti } from 'jiti'
import { readConfig } from './read.ts'
import type { Config } from './schema.ts'
import { ConfigTrouble } from './trouble.ts'

/** Where a configuration is looked for, the first that is there. */
const NAMES = ['ts', 'js', 'mjs', 'json', 'yaml', 'yml'].map(ending => `linchpin.config.${ending}`)

/** Reads linchpin.config.ts, .js, .json or .yaml from `folder`, or the file named. Throws ConfigTrouble. */
export async function loadConfigFile(
  folder: string,
  named?: string,
): Promise<{ file: string; config: Config }> {
  const file = named === undefined ? findConfigFile(folder) : resolve(folder, named)
  if (file === null || !existsSync(file))
    throw new ConfigTrouble(file ?? join(folder, 'linchpin.config.ts'), [
      'There is no such file. "linchpin init" writes one; "linchpin demo" needs none.',
    ])
  const content = await contentOf(file).catch((cause: unknown) => {
    throw new ConfigTrouble(file, [cause instanceof Error ? cause.message : String(cause)])
  })
  return { file, config: readConfig(file, content) }
}

function findConfigFile(folder: string): string | null {
  return NAMES.map(name => join(folder, name)).find(path => existsSync(path)) ?? null
}

async function contentOf(file: string): Promise<unknown> {
  switch (extname(file)) {
    case '.json':
      return JSON.parse(readFileSync(file, 'utf8'))
    case '.yaml':
    case '.yml':
      return parseYAML(readFileSync(file, 'utf8'))
    case '.ts':
    case '.js':
    case '.mjs':
      return jiti.import(file, { default: true })
    default:
      throw new Error('A configuration ends in .ts, .js, .mjs, .json, .yaml or .yml.')
  }
}

/** The file may lie anywhere, also where no node_modules knows us: then our own words are still found. */
const jiti = createJiti(import.meta.url, {
  alias: { '@linchpin/server/config': fileURLToPath(new URL('./define.ts', import.meta.url)) },
  // A file that was changed is read anew, and nothing of it is left in a shared folder.
  moduleCache: false,
  fsCache: false,
})
