import { posix } from 'node:path'
import type { File } from '../tidy.ts'

/** One line a folder: what it may import of ours. This table is the architecture. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  'packages/model': [],
  'packages/lookalike': [],
  'packages/bus': [],
  'packages/mapping': ['model'],
  'packages/store': ['model'],
  'packages/api': ['model'],
  'packages/connector': ['model', 'mapping'],
  'packages/engine': ['model', 'mapping', 'connector', 'store', 'bus'],
  'packages/simulator': ['model', 'mapping', 'connector', 'store', 'engine', 'lookalike', 'connector-memory'],
  'connectors/*': ['model', 'mapping', 'connector', 'lookalike'],
  'apps/console': ['api'],
  'apps/cli': ['api', 'connector', 'server'],
  'apps/server': ['*'],
}

/** Tests may also play with the reference connector and with look-alikes. */
const TESTS_MAY_IMPORT: readonly string[] = ['lookalike', 'connector-memory']

export function importsOf({ path, text }: File): readonly string[] {
  const home = path.split('/').slice(0, 2).join('/')
  const table = MAY_IMPORT[home] ?? MAY_IMPORT[`${home.split('/')[0]}/*`]
  if (!table || !/\.m?tsx?$/.test(path)) return []
  const allowed = path.endsWith('.test.ts') ? [...table, ...TESTS_MAY_IMPORT] : table
  return specifiersIn(text).flatMap(target => {
    if (target.startsWith('.')) return stays(home, path, target) ? [] : [throughTheFence(path, target)]
    const name = /^@linchpin\/([^/]+)/.exec(target)?.[1]
    const fine = name === undefined || allowed.includes('*') || allowed.includes(name) || isSelf(home, name)
    return fine ? [] : [`${path}: ${home} may not import ${target}; it may import ${listed(table)}`]
  })
}

/** What a file imports, statically or not. */
function specifiersIn(text: string): readonly string[] {
  return [...text.matchAll(/(?:\bfrom\s+|\bimport\s+|\bimport\(\s*)(['"])([^'"\n]+)\1/g)].map(
    ([, , target = '']) => target,
  )
}

function stays(home: string, path: string, target: string): boolean {
  return posix.join(posix.dirname(path), target).startsWith(`${home}/`)
}

const throughTheFence = (path: string, target: string) =>
  `${path}: imports ${target} from another package; name the package`

const isSelf = (home: string, name: string) =>
  [home, home.replace('s/', '-')].some(each => each.endsWith(name))
const listed = (names: readonly string[]) => names.join(', ') || 'nothing of ours'
