import { execFileSync } from 'node:child_process'
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
 * what is green was no luck. `tree` is what git calls the committed files, null where there is no git.
 */
export function freshSeeds({ tree, now }: { readonly tree: string | null; readonly now: number }): Fresh {
  if (tree !== null) return { first: firstOf(tree), from: `the committed tree ${tree.slice(0, 10)}` }
  const date = new Date(now).toISOString().slice(0, 10)
  return { first: firstOf(date), from: `the date ${date}, because git does not say which version this is` }
}

/** What `git` calls all committed files together: the same for the same content, whoever committed it when. */
export function committedTree(): string | null {
  try {
    const said = execFileSync('git', ['rev-parse', 'HEAD^{tree}'], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    return said.trim()
  } catch {
    return null
  }
}
