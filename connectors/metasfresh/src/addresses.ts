import { Problem } from '@linchpin/connector'
import { contentHash } from '@linchpin/model'
import type { AddressRow } from './fields.ts'
import { external } from './identifiers.ts'
import type { Settings } from './settings.ts'

/**
 * An address is named by what it says, so the same one is the same location for ever, and one that changed becomes
 * another: what stands on an old invoice stays.
 */
export function locationIdentifier(settings: Settings, partner: string, address: AddressRow): string {
  return external(settings, `${partner}/${contentHash(address).slice(0, 16)}`)
}

export function addressesToLocations(settings: Settings, partner: string, addresses: readonly AddressRow[]) {
  const items = addresses.map((address, index) => {
    const { name, ...fields } = address
    if (address.countryCode === undefined)
      throw new Problem(
        'refused',
        `An address of ${partner} names no country, without which metasfresh keeps none.`,
      )
    return {
      locationIdentifier: locationIdentifier(settings, partner, address),
      location: {
        ...fields,
        ...(name === undefined ? {} : { bpartnerName: name, name: `${name}, ${fields.city ?? ''}` }),
        billTo: true,
        shipTo: true,
        ...(index === 0 ? { billToDefault: true } : {}),
      },
    }
  })
  return [...new Map(items.map(item => [item.locationIdentifier, item])).values()]
}
