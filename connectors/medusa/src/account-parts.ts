import { z } from 'zod'
import type { AccountRow } from './account-row.ts'
import type { AccountWrite, CustomerAddress } from './account-writer.ts'
import { at } from './client.ts'
import { groupNamed } from './groups.ts'
import type { Session } from './session.ts'

/** Adds the addresses and groups that the customer lacks. What people entered in the shop stays. */
export async function converge(session: Session, now: AccountRow, row: AccountWrite): Promise<void> {
  for (const wanted of addressesOf(row)) await haveAddress(session, now, wanted)
  for (const name of row.groups ?? []) {
    if (now.groups.some(group => group.name === name)) continue
    const group = await groupNamed(session, name)
    await session.client.post(
      `/customer-groups/${at(group)}/customers`,
      { add: [now.id] },
      z.looseObject({}),
      {
        fields: 'id',
      },
    )
  }
}

interface Wanted {
  readonly address: CustomerAddress
  readonly flags: { is_default_billing?: true; is_default_shipping?: true }
}

/** The same address is often named twice, for bills and for parcels. Medusa needs a street and a country. */
function addressesOf({ billingAddress, deliveryAddresses = [] }: AccountWrite): readonly Wanted[] {
  const named: readonly Wanted[] = [
    ...(billingAddress ? [{ address: billingAddress, flags: { is_default_billing: true } as const }] : []),
    ...deliveryAddresses.map((address, turn) => ({
      address,
      flags: turn === 0 ? ({ is_default_shipping: true } as const) : {},
    })),
  ]
  const wanted: Wanted[] = []
  for (const each of named.filter(({ address }) => address.address_1 && address.country_code)) {
    const same = wanted.find(({ address }) => isSame(address, each.address))
    if (same) Object.assign(same.flags, each.flags)
    else wanted.push({ address: each.address, flags: { ...each.flags } })
  }
  return wanted
}

async function haveAddress({ client }: Session, now: AccountRow, { address, flags }: Wanted): Promise<void> {
  const there = now.addresses.find(each => isSame(each, address))
  const missing = Object.keys(flags).filter(flag => there?.[flag] !== true)
  if (there && missing.length === 0) return
  const path = `/customers/${at(now.id)}/addresses${there ? `/${at(there.id)}` : ''}`
  const answer = z.object({ customer: z.object({ id: z.string() }) })
  await client.post(path, there ? flags : { ...address, ...flags }, answer, { fields: 'id' })
}

const fields = [
  'first_name',
  'last_name',
  'company',
  'address_1',
  'address_2',
  'city',
  'province',
  'postal_code',
  'country_code',
] as const

function isSame(left: Readonly<Record<string, unknown>>, right: CustomerAddress): boolean {
  return fields.every(name => (left[name] ?? '') === (right[name] ?? ''))
}
