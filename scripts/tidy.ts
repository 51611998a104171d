import { readdirSync, readFileSync } from 'node:fs'
import { pathToFileURL } from 'node:url'
import { importsOf } from './tidy/imports.ts'
import { deadLinks } from './tidy/links.ts'
import { neverImported } from './tidy/unused.ts'
import { wordsOf } from './tidy/words.ts'

export interface File {
  /** From the root of the repository, with forward slashes. */
  readonly path: string
  readonly text: string
}

/** What the type checker and the linter cannot see: one line for each thing to put right. */
export function tidy(files: readonly File[]): readonly string[] {
  return [
    ...files.flatMap(importsOf),
    ...files.flatMap(wordsOf),
    ...neverImported(files),
    ...deadLinks(files),
  ]
}

function filesOf(folder: string): readonly File[] {
  return readdirSync(folder === '' ? '.' : folder, { withFileTypes: true }).flatMap(entry => {
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`
    if (FOREIGN.has(entry.name)) return []
    if (entry.isDirectory()) return filesOf(path)
    return /\.(m?[tj]sx?|json|md|ya?ml)$/.test(path) ? [{ path, text: readFileSync(path, 'utf8') }] : []
  })
}

/** Not ours to tidy: what was installed or built, and what is only there while something runs. */
const FOREIGN = new Set([
  'node_modules',
  'dist',
  'coverage',
  '.git',
  '.live',
  '.linchpin',
  // Of bench/: other people's programs.
  'peers',
  'package-lock.json',
])

// Node 20 has no import.meta.main.
if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const untidy = tidy(filesOf(''))
  for (const line of untidy) console.error(line)
  if (untidy.length > 0) console.error(`${untidy.length} things to tidy.`)
  process.exitCode = untidy.length > 0 ? 1 : 0
}
