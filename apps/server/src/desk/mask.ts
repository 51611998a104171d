/**
 * A record as whoever has no right to personal data may see it: numbers, amounts and articles stay; who somebody is,
 * and where, is masked, in our words and in any vendor's. What looks like a secret is never shown, to nobody.
 */
export function masked(value: unknown): unknown {
  return walk(value, false, PERSONAL)
}

/** For whoever may see personal data: without what looks like a secret. */
export function withoutSecrets(value: unknown): unknown {
  return walk(value, false, NOTHING)
}

const NOTHING = /^$/
const SECRET =
  /(^|[._-]|[a-z](?=[A-Z]))(password|passwd|secret|token|api[_-]?key|authorization|cookie|signature|consumer[_-]?(key|secret)|order_key)/i
/** Whole parts of a record that tell of a person. */
const PERSONAL =
  /^(first_?name|last_?name|full_?name|given_?name|family_?name|e?mail|email_?normalized|phone|mobile|fax|street\w*|address_?[12]|line[12]|address_?line_?[12]|zip|post_?code|postal_?code|city|company|vat|vat_?id|tax_?id|birth\w*|iban|bic|customer_?note|customer_?ip_?address|customer_?user_?agent|contact_?name|recipient|attention|buyer|\w*address|address\w*|city_?name|billing|shipping|ship_?to|bill_?to|addresses|party|account_?name|partner\w*|display_?name)$/i
/** Inside of such a part these say nothing of the person. */
const HARMLESS =
  /^(id|country|country_?code|currency|type|kind|role|state|method|method_id|status|total|amount)$/i
const PLACE = /^(street\w*|zip|post_?code|postal_?\w+|city\w*|address_?1|line1)$/i
const EMAIL = /[^\s@"<>]+@[^\s@"<>]+\.[a-z]{2,}/gi

function walk(value: unknown, personal: boolean, names: RegExp): unknown {
  if (typeof value === 'string')
    return personal ? dots(value) : names === NOTHING ? value : withoutMail(value)
  if (Array.isArray(value)) return value.map(each => walk(each, personal, names))
  if (typeof value !== 'object' || value === null)
    return personal && typeof value === 'number' ? '•••' : value
  // Where somebody lives stands beside who they are, whatever the vendor calls the whole.
  const isPlace = Object.keys(value).some(name => PLACE.test(name))
  return Object.fromEntries(
    Object.entries(value).map(([name, each]) => {
      if (SECRET.test(name) && each !== null) return [name, '(hidden)']
      const ofPerson = personal || names.test(name) || (isPlace && name === 'name' && names !== NOTHING)
      return [name, walk(each, ofPerson && !HARMLESS.test(name), names)]
    }),
  )
}

/** A sentence without the e-mails in it. */
export const withoutMail = (text: string) => text.replace(EMAIL, mail => dots(mail))

/** Enough to tell two apart, too little to know who it is. */
function dots(text: string): string {
  if (text === '') return ''
  const at = text.indexOf('@')
  return at > 0 ? `${text.slice(0, 1)}•••@•••${text.slice(text.lastIndexOf('.'))}` : `${text.slice(0, 1)}•••`
}
