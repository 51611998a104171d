import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join, relative, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { fnv1a } from './chance.ts'

/** Where the seeds of a version begin, and what they were taken from. */
export interface Fresh {
  readonly first: number
  readonly from: string
}

/** Above every seed that is played without the faults that came last. */
const LOWEST = 20_000_000
/** Two versions play the same block, or nothing in common. */
const BLOCK = 5_000
const BLOCKS = 300_000

/** Another place for another text, the same for the same: far below 2³¹, where the chances of a seed are mixed. */
export const firstOf = (text: string): number => LOWEST + (fnv1a(text) % BLOCKS) * BLOCK

/**
 * Each version of the code plays seeds of its own, and plays them again when it is asked again: what is red stays red, and
 * what is green was no luck. `version`: what its sources come to.
 */
export const freshSeeds = (version: string): Fresh => ({
  first: firstOf(version),
  from: `the sources of this version, ${version.slice(0, 10)}`,
})

const PACKAGES = fileURLToPath(new URL('../../', import.meta.url))

/** A hash of all that a simulated world is made of, whoever copied it wherever; tests and documents do not count. */
export function sourcesHash(folder = PACKAGES): string {
  const hash = createHash('sha256')
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile() && /(?<!\.test)\.(ts|sql)$/.test(entry.name))
    .map(entry => relative(folder, join(entry.parentPath, entry.name)))
    .filter(path => path.split(sep)[1] === 'src')
  for (const path of files.toSorted()) hash.update(path).update(readFileSync(join(folder, path)))
  return hash.digest('hex')
}
