import type { File } from '../tidy.ts'

interface Rule {
  readonly where: (path: string) => boolean
  readonly word: RegExp
  readonly instead: string
  /** A file with this in it has a thing of its own by that name. */
  readonly unless?: RegExp
}

const isCode = (path: string) => /\.m?[tj]s$/.test(path)
const isTest = (path: string) => /\.test\.ts$|(^|\/)rigs?\.ts$/.test(path)
const isFake = (path: string) => /\/fake[-./]/.test(path) || path.startsWith('packages/lookalike/')

/** Code that the simulator runs in its own time, with its own chance and network. */
const isSimulated = (path: string) =>
  /^(packages\/(model|mapping|engine|connector)|connectors\/[^/]+)\/src\/.*\.ts$/.test(path) &&
  !isTest(path) &&
  !isFake(path)
const isFakeCode = (path: string) => isFake(path) && !isTest(path)
const mayQuery = (path: string) => /^(packages\/store|apps|tests|bench)\//.test(path)
/** These files name what they forbid. */
const isOurs = (path: string) => !path.startsWith('scripts/tidy')

const RULES: readonly Rule[] = [
  {
    where: isSimulated,
    word: /\bDate\.now\(|\bnew Date\(\)|\bperformance\.now\(/,
    instead: 'the clock handed in: io.now()',
  },
  { where: isFakeCode, word: /\bDate\.now\(|\bnew Date\(\)/, instead: 'the `now` handed in' },
  {
    where: isSimulated,
    word: /\bMath\.random\(|\brandomUUID\(|\brandomBytes\(/,
    instead: 'the chance handed in: io.nonce()',
  },
  {
    where: isSimulated,
    word: /(?<![.\w]|async )(?:globalThis\.)?fetch\(/,
    unless: /\{[^{}]*\bfetch\b[^{}]*\} = /,
    instead: 'io.fetch, which is metered and can be simulated',
  },
  {
    where: isSimulated,
    word: /\bset(Timeout|Interval|Immediate)\(/,
    instead: 'an instant to come back at; the engine waits',
  },
  { where: isSimulated, word: /\bprocess\.env\b/, instead: 'the settings handed in' },
  { where: path => !mayQuery(path), word: /from 'pg'/, instead: 'the store: all SQL lives there' },
  { where: isCode, word: /\bas any\b/, instead: 'the type, or unknown and a check' },
  { where: isCode, word: /@ts-(ignore|nocheck)\b/, instead: 'a type that is true' },
  { where: () => true, word: /\b(FIXME|TODO|XXX|HACK)\b/, instead: 'an issue, or the fix' },
  {
    where: () => true,
    word: /(?<![\w.:~}$])\/(work|home\/[a-z]\w*|Users\/\w+)\/\w/,
    instead: 'a path from the root of the repository',
  },
]

export function wordsOf({ path, text }: File): readonly string[] {
  const rules = RULES.filter(({ where, unless }) => where(path) && isOurs(path) && !unless?.test(text))
  if (rules.length === 0) return []
  return text
    .split('\n')
    .flatMap((line, index) =>
      rules
        .filter(({ word }) => word.test(line) && !isComment(line, word))
        .map(({ instead }) => `${path}:${index + 1}: use ${instead}`),
    )
}

/** A comment may speak of a clock, but not ask for a fix. */
function isComment(line: string, word: RegExp): boolean {
  return /^\s*(\/\/|\*|\/\*)/.test(line) && !/FIXME|@ts-|work/.test(word.source)
}
