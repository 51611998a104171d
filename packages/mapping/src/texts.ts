import { shown } from './wrong.ts'

/** A text, number or yes/no as text. A list or an object is a RangeError. */
export function textOf(value: unknown): string {
  const text = singleText(value)
  if (text === undefined) throw new RangeError(`${shown(value)} is not a text.`)
  return text
}

/** Undefined for what is not one value. */
export function singleText(value: unknown): string | undefined {
  if (typeof value === 'string') return value
  if (typeof value === 'boolean' || typeof value === 'bigint') return String(value)
  return typeof value === 'number' && Number.isFinite(value) ? String(value) : undefined
}

/** 'Ludwig van Beethoven' → 'van Beethoven', 'Lovelace, Ada' → 'Lovelace'. A single word is a family name. */
export function familyNameOf(name: string): string | undefined {
  return nameParts(name).family || undefined
}

export function givenNameOf(name: string): string | undefined {
  return nameParts(name).given || undefined
}

/** Text without HTML tags, for fields that show tags as they are. Paragraphs and breaks become new lines. */
export function plainText(html: string): string {
  const marked = withoutHidden(html)
    .replace(/<(?:br|\/p|\/div|\/li|\/tr|\/h[1-6])\b[^<>]*>/gi, '\n')
    // `[^<>]` keeps this linear in the length of the text, however many "<" stand in it.
    .replace(/<[/!?a-z][^<>]*>/gi, '')
  return unescaped(marked)
    .split('\n')
    .map(line => line.replace(/[\s\u00a0]+/g, ' ').trim())
    .join('\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim()
}

function nameParts(name: string): { readonly given: string; readonly family: string } {
  const [before = '', after] = name.split(',', 2)
  if (after !== undefined && after.trim() !== '')
    return { given: words(after).join(' '), family: words(before).join(' ') }
  const all = words(name)
  // Particles in small letters belong to the family name: van, de la, von der.
  const particle = all.findIndex(
    (word, index) => index > 0 && index < all.length - 1 && /^\p{Ll}/u.test(word),
  )
  const start = particle === -1 ? all.length - 1 : particle
  return {
    given: all.slice(0, Math.max(start, 0)).join(' '),
    family: all.slice(Math.max(start, 0)).join(' '),
  }
}

const words = (text: string) => text.split(/\s+/).filter(word => word !== '')

/** Takes out what browsers never show: styles, scripts and comments, with what is in them. */
function withoutHidden(html: string): string {
  const kept: string[] = []
  let at = 0
  for (const open of html.matchAll(/<(style|script)\b|<!--/gi)) {
    if (open.index < at) continue
    kept.push(html.slice(at, open.index))
    at = endOf(html, open.index, open[1])
  }
  return kept.join('') + html.slice(at)
}

function endOf(html: string, from: number, tag: string | undefined): number {
  const close = tag === undefined ? /-->/g : new RegExp(`</${tag}\\s*>`, 'gi')
  close.lastIndex = from
  return close.exec(html) ? close.lastIndex : html.length
}

const ENTITIES: ReadonlyMap<string, string> = new Map([
  ['amp', '&'],
  ['lt', '<'],
  ['gt', '>'],
  ['quot', '"'],
  ['apos', "'"],
  ['nbsp', ' '],
  ['euro', '€'],
  ['hellip', '…'],
  ['ndash', '–'],
  ['mdash', '—'],
])

function unescaped(text: string): string {
  return text.replace(/&(?:#(\d{1,7})|#[xX]([\da-fA-F]{1,6})|([a-z]+));/g, (whole, decimal, hex, name) => {
    if (name !== undefined) return ENTITIES.get(name) ?? whole
    const code = decimal === undefined ? Number.parseInt(hex, 16) : Number(decimal)
    return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : whole
  })
}
