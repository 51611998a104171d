import type { EntityName } from '@linchpin/model'

/**
 * A record as whoever has no right to personal data may see it: numbers, amounts and articles stay; who somebody is,
 * and where, is masked, in our words and in any vendor's. What looks like a secret is never shown, to nobody.
 */
export function masked(value: unknown, entity?: EntityName): unknown {
  return walk(value, {
    personal: false,
    names: PERSONAL,
    whose: entity && isPerson(entity) ? 'a person' : 'a thing',
  })
}

/** Whose every name is somebody's. */
export const isPerson = (entity: EntityName) => entity === 'Account' || entity === 'Contact'

/** What came out of something personal, whatever it is called now. */
export const dotted = (value: unknown): unknown =>
  walk(value, { personal: true, names: PERSONAL, whose: 'a part' })

/** For whoever may see personal data: without what looks like a secret. */
export function withoutSecrets(value: unknown): unknown {
  return walk(value, { personal: false, names: NOTHING, whose: 'a thing' })
}

const NOTHING = /^$/
const SECRET =
  /(^|[._-]|[a-z](?=[A-Z]))(password|passwd|secret|token|api[_-]?key|authorization|cookie|signature|consumer[_-]?(key|secret)|order_key)/i
/** Whole parts of a record that tell of a person. */
const PERSONAL =
  /^(first_?name|last_?name|full_?name|given_?name|family_?name|e?mail|email_?normalized|\w*phone\w*|mobile|fax|user_?name|street\w*|address_?[12]|line[12]|address_?line_?[12]|zip|post_?code|postal_?code|city|town|company|vat|vat_?id|vat_?number|tva_intra|tax_?id|tax_?registration_?id|birth\w*|iban|bic|customer|(customer_?|order_?|staff_?)?notes?|note_\w+|customer_?ip_?address|customer_?user_?agent|contacts?|contact_?name|recipient|attention|buyer|\w*address|address\w*|city_?name|billing|shipping|ship_?to|bill_?to|addresses|party|account_?name|partner\w*|display_?name)$/i
/** Inside of such a part these say nothing of the person. */
const HARMLESS =
  /^(id|country|country_?code|currency|type|kind|role|state|method|method_id|status|total|amount)$/i
const PLACE = /^(street\w*|zip|post_?code|postal_?\w+|city\w*|address_?1|line1|town)$/i
const EMAIL = /[^\s@"<>]+@[^\s@"<>]+\.[a-z]{2,}/gi

/** Whoever has one of these is somebody, and their name stands beside it. */
const REACHED = /^(\w*phone\w*|mobile|e?mail|first_?name|given_?name)$/i

interface Way {
  readonly personal: boolean
  readonly names: RegExp
  /** The record itself, or what is a part of it. */
  readonly whose: 'a person' | 'a thing' | 'a part'
}

function walk(value: unknown, way: Way): unknown {
  const { personal, names, whose } = way
  if (typeof value === 'string')
    return personal ? dots(value) : names === NOTHING ? value : withoutMail(value)
  if (Array.isArray(value)) return value.map(each => walk(each, way))
  if (typeof value !== 'object' || value === null)
    return personal && typeof value === 'number' ? '•••' : value
  const isNamed = names === NOTHING ? never : namedAs(Object.keys(value), whose)
  return Object.fromEntries(
    Object.entries(value).map(([name, each]) => {
      if (SECRET.test(name) && each !== null) return [name, '(hidden)']
      const ofPerson = personal || names.test(name) || isNamed(name)
      return [name, walk(each, { personal: ofPerson && !HARMLESS.test(name), names, whose: 'a part' })]
    }),
  )
}

const never = () => false

/**
 * Which of these fields say who somebody is, whatever the vendor calls the whole: any name of a person's own record, and
 * the name that stands beside where they live or how they are reached. An order has a name and an e-mail address too.
 */
function namedAs(fields: readonly string[], whose: Way['whose']): (name: string) => boolean {
  // In a customer's row of Shopify, `own` is the VAT number, which Shopify has no field for.
  if (whose === 'a person') return name => /name|login|^own$/i.test(name)
  const isSomebody = fields.some(name => PLACE.test(name) || (whose === 'a part' && REACHED.test(name)))
  return isSomebody ? name => name === 'name' : never
}

/** A sentence without the e-mails in it. */
export const withoutMail = (text: string) => text.replace(EMAIL, mail => dots(mail))

/** Whether what stands at such a path of a record is somebody's. */
export function isPersonal(path: string, entity?: EntityName): boolean {
  const names = path.split(/[.[\]]+/).filter(name => name !== '')
  const ofPerson = entity !== undefined && isPerson(entity) ? namedAs([], 'a person') : never
  return names.reduce(
    (personal, name, at) =>
      (personal || PERSONAL.test(name) || (at === 0 && ofPerson(name))) && !HARMLESS.test(name),
    false,
  )
}

/** Enough to tell two apart, too little to know who it is. */
export function dots(text: string): string {
  if (text === '') return ''
  const at = text.indexOf('@')
  return at > 0 ? `${text.slice(0, 1)}•••@•••${text.slice(text.lastIndexOf('.'))}` : `${text.slice(0, 1)}•••`
}

/** A text of a record that is somebody's; of a name, each of its parts, too. */
export interface Own {
  readonly text: string
  readonly isPart: boolean
}

/** What a record says of people, in its own words: whatever masking it hides, but for secrets. */
export function ownOf(value: unknown, entity?: EntityName): readonly Own[] {
  return hiddenBy(value, masked(value, entity), '')
}

function hiddenBy(value: unknown, shown: unknown, name: string): readonly Own[] {
  if (typeof value === 'number') return shown === value ? [] : [{ text: String(value), isPart: false }]
  if (typeof value === 'string') return value === shown || shown !== dots(value) ? [] : textsOf(value, name)
  if (typeof value !== 'object' || value === null || typeof shown !== 'object' || shown === null) return []
  const masks = shown as Record<string, unknown>
  return Object.entries(value).flatMap(([at, each]) =>
    hiddenBy(each, masks[at], Array.isArray(value) ? name : at),
  )
}

function textsOf(value: string, name: string): readonly Own[] {
  const parts = CALLED.test(name) ? (value.match(PART) ?? []) : []
  return [{ text: value.trim(), isPart: false }, ...parts.map(text => ({ text, isPart: true }))]
}

const CALLED = /name|company|recipient|attention|contact/i
const PART = /(?<![\p{L}\p{N}])\p{Lu}[\p{L}'’-]{2,}/gu
