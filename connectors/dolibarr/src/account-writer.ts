import {
  Problem,
  quoted,
  shotNow,
  writeEach,
  type Outcome,
  type Write,
  type Writer,
} from '@linchpin/connector'
import type { Mapping } from '@linchpin/mapping'
import { address } from '@linchpin/model'
import { z } from 'zod'
import { addressContact, placeValues } from './addresses.ts'
import { create, externalRef, findByRef, SETTLE_MS } from './outcomes.ts'
import { arrayOptions, needId } from './rows.ts'
import type { Session } from './session.ts'

const accountWrite = z.object({
  name: z.string().min(1).optional(),
  name_alias: z.string().optional(),
  /** A private individual or not; Dolibarr's own kinds of companies are left as they are. */
  person: z.boolean().optional(),
  email: z.string().optional(),
  phone: z.string().optional(),
  tva_intra: z.string().optional(),
  active: z.boolean().optional(),
  billing: address.optional(),
  deliveries: z.array(address).optional(),
  array_options: arrayOptions,
})
export type AccountWrite = z.infer<typeof accountWrite>

const isCompany = { is: ['kind', { constant: 'company' }] } as const
const mapping: Mapping = {
  from: 'Account',
  to: 'dolibarr.Account',
  fields: {
    name: { when: isCompany, then: { first: ['company', 'name'] }, else: { first: ['name', 'email'] } },
    name_alias: { when: { not: isCompany }, then: 'company' },
    person: { when: isCompany, then: { constant: false }, else: { constant: true } },
    email: 'email',
    phone: { first: ['phone', 'billingAddress.phone'] },
    tva_intra: 'vatId',
    active: 'active',
    billing: 'billingAddress',
    deliveries: 'deliveryAddresses',
  },
}

type Get = (session: Session, ids: readonly string[]) => Promise<readonly { version: string }[]>

export function accountWriter(get: Get): Writer<Session, AccountWrite> {
  return {
    schema: accountWrite,
    mapping,
    batch: 10,
    repeat: 'find',
    find: (session, writes) => findByRef(session, '/thirdparties', writes),
    settleMs: SETTLE_MS,
    write: (session, writes) =>
      writeEach(writes, session.io.signal, write => writeAccount(session, write, get)),
  }
}

async function writeAccount(session: Session, write: Write<AccountWrite>, get: Get): Promise<Outcome> {
  const { key, row } = write
  const values = await valuesOf(session, row)
  const known = write.id ?? (await findByRef(session, '/thirdparties', [write])).get(key)
  const id = known ?? (await make(session, key, row, values))
  if (known !== undefined) await change(session, known, row, values)
  for (const each of row.deliveries ?? []) await addressContact(session, needId(id, 'Account'), each)
  return { key, is: 'applied', id, version: (await shotNow(session, id, get))?.version ?? null }
}

async function make(session: Session, key: string, row: AccountWrite, values: object): Promise<string> {
  if (row.name === undefined)
    throw new Problem('refused', 'A customer needs a name or an e-mail in Dolibarr.')
  // -1 has Dolibarr number it by its own rule, which it would otherwise check ours against.
  const made = { ...values, client: 1, code_client: '-1', ref_ext: externalRef(key) }
  return create(session, '/thirdparties', made)
}

async function change(session: Session, id: string, row: AccountWrite, values: object): Promise<void> {
  needId(id, 'Account')
  if ((await session.client.one(`/thirdparties/${id}`)) === null)
    throw new Problem(
      'refused',
      `Customer ${row.name === undefined ? id : quoted(row.name)} is no longer in Dolibarr. Someone deleted it there.`,
    )
  await session.client.send('PUT', `/thirdparties/${id}`, values)
}

async function valuesOf(session: Session, row: AccountWrite): Promise<Record<string, unknown>> {
  const { name, name_alias, person, email, phone, tva_intra, active, billing, array_options } = row
  return {
    ...(billing && (await placeValues(session, billing))),
    ...(name !== undefined && { name }),
    ...(name_alias !== undefined && { name_alias }),
    ...(person === true && { typent_id: 8 }),
    ...(email !== undefined && { email }),
    ...(phone !== undefined && { phone }),
    ...(tva_intra !== undefined && { tva_intra, tva_assuj: 1 }),
    ...(active !== undefined && { status: active ? 1 : 0 }),
    ...(array_options && { array_options }),
  }
}
