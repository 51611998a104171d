import { lookup as dnsLookup } from 'node:dns/promises'
import { isIP } from 'node:net'
import ipaddr from 'ipaddr.js'

export type Lookup = (host: string) => Promise<readonly { readonly address: string }[]>

/**
 * What a host stands for; `closed` is the first address that may not be spoken to, null when all may.
 * Whoever steers a call is not told it: they would learn what the names in this network stand for.
 */
export interface Addresses {
  readonly addresses: readonly string[]
  readonly closed: string | null
}

/**
 * Who may say where we call must not reach what stands beside Linchpin in the same network: every address that a name
 * stands for is looked at, and it is these addresses that are then to be spoken to. None: the name is not known.
 */
export function addressesOf(
  allowPrivate: readonly string[],
  lookup: Lookup = host => dnsLookup(host, { all: true, verbatim: true }),
): (host: string) => Promise<Addresses> {
  const allowed = allowPrivate.map(rangeOf)
  return async given => {
    const host = given.replace(/^\[|\]$/g, '')
    const addresses =
      isIP(host) !== 0 ? [host] : (await lookup(host).catch(() => [])).map(each => each.address)
    const closed = addresses.find(address => !isOpen(address, allowed))
    return { addresses, closed: closed ?? null }
  }
}

type Range = readonly [ipaddr.IPv4 | ipaddr.IPv6, number]

function rangeOf(text: string): Range {
  if (text.includes('/')) return ipaddr.parseCIDR(text)
  const address = ipaddr.parse(text)
  return [address, address.kind() === 'ipv4' ? 32 : 128]
}

/** Public, or allowed. An IPv4 address in the clothes of IPv6 is what it is. */
function isOpen(text: string, allowed: readonly Range[]): boolean {
  if (!ipaddr.isValid(text)) return false
  const address = ipaddr.process(text)
  if (address.range() === 'unicast') return true
  return allowed.some(([range, bits]) => range.kind() === address.kind() && address.match(range, bits))
}
