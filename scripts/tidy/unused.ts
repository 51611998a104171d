import { posix } from 'node:path'
import type { File } from '../tidy.ts'

/**
 * Source files that nothing imports and that are no entry. A file counts as used when another one names it: in an
 * import, in a `new URL('./worker.ts', …)` or in a package.json.
 */
export function neverImported(files: readonly File[]): readonly string[] {
  const named = new Set(files.flatMap(namedBy))
  return files
    .filter(({ path }) => /^(packages|connectors|apps)\/.*\.ts$/.test(path) && !isEntry(path))
    .filter(({ path }) => !named.has(path))
    .map(({ path }) => `${path}: nothing imports this file; use it or remove it`)
}

function namedBy({ path, text }: File): readonly string[] {
  const folder = posix.dirname(path)
  if (!/\.(tsx?|mts|js|mjs|json)$/.test(path)) return []
  const names = path.endsWith('package.json')
    ? text.matchAll(/["\s]((?:[\w.-]+\/)+[\w.-]+\.(?:ts|mts|js|mjs))["\s]/g)
    : text.matchAll(/['"](\.{1,2}\/[^'"\n]+\.(?:tsx?|mts|js|mjs))['"]/g)
  return [...names].map(([, target = '']) => posix.join(folder, target)).filter(target => target !== path)
}

const isEntry = (path: string) =>
  /\.test\.ts$|\.d\.ts$|\.config\.ts$|^packages\/[^/]+\/src\/index\.ts$/.test(path)
