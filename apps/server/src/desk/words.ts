import type { EntityName } from '@linchpin/model'
import { dots, isPerson, isPersonal, withoutMail } from './mask.ts'

/**
 * A sentence as whoever has no right to personal data may read it: without e-mail addresses, and without what it quotes
 * where that is somebody's. Words of a mapping quote what stands in a field: judged by what it is called, there and where
 * it comes from. What another system says of a person's record names them in quotation marks.
 */
export function shownWords(words: string, entity?: EntityName): string {
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
const QUOTED = /"[^"]*"|“[^”]*”|«[^»]*»|„[^“]*“/g

const hidden = (value: string) =>
  /^[\d-]/.test(value) ? dots(value) : `${value.slice(0, 1)}${dots(value.slice(1, -1))}${value.slice(-1)}`

/** What went wrong, as it may be read. */
export function shownTrouble<Of extends { readonly trouble: Trouble | null }>(
  of: Of,
  show: (words: string) => string,
): Of {
  return of.trouble === null ? of : { ...of, trouble: { ...of.trouble, words: show(of.trouble.words) } }
}
type Trouble = { readonly kind: string; readonly words: string }
