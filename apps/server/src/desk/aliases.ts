import { createCipheriv, createDecipheriv, createHmac, hkdfSync, timingSafeEqual } from 'node:crypto'

/**
 * A guest has no other id than their e-mail address: 'guest:ada@example.com'. Whoever may not see that gets another name
 * for it, 'guest:~…', which only we can turn back: always the same for the same guest, on every node, so that it serves
 * as an id wherever one is asked for.
 */
export interface Aliases {
  /** A whole answer, with every such id hidden, and every address of a page that holds one left out. */
  readonly hide: (answer: unknown) => unknown
  /** A whole question, as it would have been asked by who knows. */
  readonly open: (question: unknown) => unknown
  /** Any text that goes out, comes back, and says nothing meanwhile: a cursor. */
  readonly sealed: (text: string) => string
  /** Null: not one of ours. */
  readonly opened: (sealed: string) => string | null
}

const MARK = 'guest:~'

export function createAliases(secret: Uint8Array): Aliases {
  const key = (use: string) => Buffer.from(hkdfSync('sha256', secret, '', `linchpin ${use}`, 32))
  const [hiding, proving] = [key('aliases'), key('proofs of aliases')]
  // What proves it is also what begins it: the same text gets the same name, and no two share a beginning (as in SIV).
  const proofOf = (text: string) => createHmac('sha256', proving).update(text).digest().subarray(0, 16)
  const sealed = (text: string) => {
    const proof = proofOf(text)
    const cipher = createCipheriv('aes-256-ctr', hiding, proof)
    return Buffer.concat([proof, cipher.update(text, 'utf8'), cipher.final()]).toString('base64url')
  }
  const opened = (given: string) => {
    const bytes = Buffer.from(given, 'base64url')
    if (bytes.length < 16) return null
    const [proof, rest] = [bytes.subarray(0, 16), bytes.subarray(16)]
    const decipher = createDecipheriv('aes-256-ctr', hiding, proof)
    const text = Buffer.concat([decipher.update(rest), decipher.final()]).toString()
    return timingSafeEqual(proofOf(text), proof) ? text : null
  }
  const hidden = (text: string) => text.replaceAll(GUESTS, id => MARK + sealed(id))
  const shown = (text: string) => text.replaceAll(ALIASES, (alias, sealed: string) => opened(sealed) ?? alias)
  return {
    hide: answer => walk(answer, hidden, withoutPage),
    open: question => walk(question, shown, given => given),
    sealed,
    opened,
  }
}

const ALIASES = /guest:~([\w-]+)/g
/**
 * Also inside of other texts: 'shop/Account/guest:ada@example.com'. A guest without an address goes by the order, which
 * tells nobody who it is: 'guest:order:7'.
 */
const GUESTS = /guest:[^\s"@]+@[^\s"]+/g

function walk(value: unknown, change: (text: string) => string, within: (value: object) => object): unknown {
  if (typeof value === 'string') return change(value)
  if (Array.isArray(value)) return value.map(each => walk(each, change, within))
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(within(value))
  return Object.fromEntries(entries.map(([name, each]) => [name, walk(each, change, within)]))
}

/** The shop's own page of a guest is found by their address. */
function withoutPage(value: { readonly entity?: unknown; readonly url?: unknown }): object {
  const { entity, url } = value
  const tells = entity !== undefined && typeof url === 'string' && /@|%40/i.test(url)
  return tells ? { ...value, url: null } : value
}
