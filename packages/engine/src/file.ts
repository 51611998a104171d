import { createHash } from 'node:crypto'
import type { CreditNote, Invoice } from '@linchpin/model'
import type { Delivery, RecordKey, Settlement } from '@linchpin/store'
import type { Delivering } from './deliver.ts'
import { known, type Flow } from './setup.ts'

/** How often a PDF that is not there yet is asked for again before its invoice goes out without it. */
const MOST_LOOKS = 5
const LOOK_AGAIN_MS = 10_000

/**
 * Sees to it that the file of an invoice is kept here before the invoice goes to the shop: the customer then gets it
 * from us, whether or not the ERP is awake. Null: go on.
 */
export async function fetchFile(
  delivery: Delivery,
  flow: Flow,
  deps: Delivering,
): Promise<Settlement | null> {
  if (flow.entity !== 'Invoice' && flow.entity !== 'CreditNote') return null
  const billing = delivery.record?.canonical as Invoice | CreditNote | null | undefined
  if (!billing || billing.status === 'draft' || billing.orders.length === 0) return null
  // What another process reads comes with the address of its file.
  if (!deps.setup.here.has(flow.from)) return null
  const key = { connection: flow.from, entity: flow.entity, id: delivery.id }
  if ((await keepFile(key, deps)) !== 'missing') return null
  if (delivery.tries >= MOST_LOOKS) return null
  const words = `${flow.from} has no file of ${flow.entity} ${billing.number} yet.`
  const at = deps.world.now() + LOOK_AGAIN_MS
  return { delivery, is: 'later', at, trouble: { kind: 'passing', words }, intent: 'clear', counts: true }
}

/** Whether its system has files, and that of this record is not kept here. */
export async function lacksFile(
  { connection, entity, id }: RecordKey,
  { setup, store }: Pick<Delivering, 'setup' | 'store'>,
): Promise<boolean> {
  if (!known(setup.connections, connection).connector.entities[entity]?.file) return false
  return (await store.file({ connection, entity, id })) === null
}

/** Keeps the file of this record here. `none`: its system has no files. */
export async function keepFile(
  key: RecordKey,
  deps: Pick<Delivering, 'setup' | 'store' | 'world' | 'sourceLane'>,
): Promise<'kept' | 'missing' | 'none'> {
  const ask = known(deps.setup.connections, key.connection).connector.entities[key.entity]?.file
  if (!ask) return 'none'
  if ((await deps.store.file(key)) !== null) return 'kept'
  const file = await ask(await deps.sourceLane(key.connection).session(), key.id)
  if (file === null) return 'missing'
  const sha256 = createHash('sha256').update(file.bytes).digest('hex')
  await deps.store.saveFile(key, { ...file, sha256 }, deps.world.now())
  return 'kept'
}
