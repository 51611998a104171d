import { existsSync, readFileSync, statSync } from 'node:fs'
import { register } from 'node:module'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { MakeRig } from '@linchpin/connector/conformance'
import { UsageTrouble } from './trouble.ts'

type Rigs = Readonly<Record<string, MakeRig>>

/** Where the rigs of a folder stand, when its package.json does not say: the first that is there. */
const USUAL = ['src/rigs.ts', 'src/rigs.js', 'rigs.ts', 'rigs.js', 'dist/rigs.js']

/** The rigs of a connector, from its folder or from the file that exports them as `rigs`. */
export async function rigsAt(path: string, folder: string): Promise<Rigs> {
  const file = fileOf(resolve(folder, path))
  lendOurPackages()
  const module = (await import(pathToFileURL(file).href)) as { readonly rigs?: unknown }
  const { rigs } = module
  const all = Object.entries(rigs ?? {})
  if (all.length === 0 || all.some(([, rig]) => typeof rig !== 'function'))
    throw new UsageTrouble(`${file} does not export \`rigs\`: a record of name → rig for the suite.`)
  return Object.fromEntries(all) as Rigs
}

function fileOf(path: string): string {
  if (!existsSync(path)) throw new UsageTrouble(`There is no ${path}.`)
  if (statSync(path).isFile()) return path
  const named = [exported(path), ...USUAL].flatMap(each => (each === null ? [] : [join(path, each)]))
  const found = named.find(each => existsSync(each))
  if (found !== undefined) return found
  throw new UsageTrouble(
    `${path} has no rigs. Export them in src/rigs.ts, or name the file in package.json: "exports": { "./rigs": … }.`,
  )
}

function exported(folder: string): string | null {
  const file = join(folder, 'package.json')
  if (!existsSync(file)) return null
  const { exports } = JSON.parse(readFileSync(file, 'utf8')) as { exports?: Record<string, unknown> }
  const rigs = exports?.['./rigs']
  return typeof rigs === 'string' ? rigs : null
}

let lent = false

/** A connector outside of this repository gets our packages, so that its Problems are the Problems that we know. */
function lendOurPackages(): void {
  if (lent) return
  lent = true
  register(new URL('../bin/lend.js', import.meta.url), { data: { from: import.meta.url } })
}
