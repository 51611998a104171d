import type { EntityName } from '@linchpin/model'
import type { RecordKey } from '@linchpin/store'
import type { Linchpin } from '../linchpin.ts'
import { dots, isPerson, isPersonal, ownOf, withoutMail, type Own } from './mask.ts'

/**
 * A sentence as whoever has no right to personal data may read it: without e-mail addresses, and without what it quotes
 * where that is somebody's. Words of a mapping quote what stands in a field: judged by what it is called, there and where
 * it comes from. What another system says names people in any way it likes: in quotation marks, where it is about a
 * person's record; and by what the record itself says of them (`own`), wherever that stands.
 */
export function shownWords(words: string, entity?: EntityName, own: readonly Own[] = []): string {
  return withoutOwn(withoutQuoted(words, entity), own)
}

function withoutQuoted(words: string, entity?: EntityName): string {
  const [, head, field = '', middle = '', tail = ''] = OF_A_MAPPING.exec(words) ?? []
  if (head === undefined)
    return withoutMail(entity !== undefined && isPerson(entity) ? words.replace(QUOTED, hidden) : words)
  const paths = [field, ...(tail.match(PATH) ?? [])]
  const isSomebodys = paths.some(path => isPersonal(path, entity))
  return withoutMail(`${head}${isSomebodys ? middle.replace(VALUE, hidden) : middle}${tail}`)
}

/** '… → SalesOrder, field channel: "otto" is not in table marketplace. … (created_via by table marketplace)' */
const OF_A_MAPPING = /^([^]*→ \w+, field ([^\s:]+): )([^]*?)( \([^]*\))?$/
/** In its expression: not what stands between quotation marks there, which is the mapping's own. */
const PATH = /(?<!")\b[A-Za-z_][\w.[\]=]*/g
/** A value can hold quotation marks itself. */
const VALUE = /"[^]*"|(?<![\w.])-?\d[\d.]*/g
const QUOTED =
  /"[^"]*"|“[^”]*”|«[^»]*»|„[^“”]*[“”]|‘[^’]*’|‚[^‘’]*[‘’]|(?<![\p{L}\p{N}])'[^']*'(?![\p{L}\p{N}])/gu

const hidden = (value: string) =>
  /^[\d-]/.test(value) ? dots(value) : `${value.slice(0, 1)}${dots(value.slice(1, -1))}${value.slice(-1)}`

function withoutOwn(words: string, own: readonly Own[]): string {
  const fit = own.filter(({ text }) => text.length >= (/^\d+$/.test(text) ? LEAST_DIGITS : LEAST))
  return fit
    .toSorted((left, right) => right.text.length - left.text.length)
    .reduce((so, each) => so.replace(asWritten(each), dots), words)
}

/** Shorter ones would be found in words that are nobody's. */
const LEAST = 2
const LEAST_DIGITS = 4
/** A part of a name, or a short one, may be an ordinary word when it is written small. */
const SHORT = 4

function asWritten({ text, isPart }: Own): RegExp {
  const isStrict = isPart || text.length < SHORT
  const ways = isStrict ? [text, text.toUpperCase()] : [text]
  return new RegExp(
    `(?<!${CHARACTER})(?:${ways.map(plain).join('|')})(?!${CHARACTER})`,
    isStrict ? 'gu' : 'giu',
  )
}

const CHARACTER = String.raw`[\p{L}\p{N}]`
const plain = (text: string) =>
  text.replaceAll(/[\\^$.*+?()[\]{}|/]/g, String.raw`\$&`).replaceAll(/\s+/g, String.raw`\s+`)

/** What these records say of people, for what is said of them. */
export async function ownOfEach(
  { desk }: Pick<Linchpin, 'desk'>,
  keys: readonly RecordKey[],
): Promise<(key: RecordKey) => readonly Own[]> {
  const known = await desk.knownOf(keys)
  const own = new Map(known.map(each => [nameOf(each), ownOf(each.value, each.entity)]))
  return key => own.get(nameOf(key)) ?? []
}

const nameOf = ({ connection, entity, id }: RecordKey) => `${connection} ${entity} ${id}`

/** What went wrong, as it may be read. */
export function shownTrouble<Of extends { readonly trouble: Trouble | null }>(
  of: Of,
  show: (words: string) => string,
): Of {
  return of.trouble === null ? of : { ...of, trouble: { ...of.trouble, words: show(of.trouble.words) } }
}
type Trouble = { readonly kind: string; readonly words: string }
