import type { StockAnswer } from '@linchpin/api'
import type { StockLevel } from '@linchpin/model'
import type { RecordKey } from '@linchpin/store'
import { shownWords } from '../desk/words.ts'
import { Refusal } from '../http/problem.ts'
import { iso, isoOrNull } from '../http/status.ts'
import type { Linchpin } from '../linchpin.ts'

const MOST = 50

/** One article in all systems: what each says, and what each was told last and when. */
export async function stockAnswer({ store, desk }: Linchpin, sku: string): Promise<StockAnswer> {
  const found = (await store.search(sku, MOST)).filter(
    ({ entity, kind }) => entity === 'StockLevel' && kind === 'sku',
  )
  if (found.length === 0) throw new Refusal(404, 'no-stock', `No system that was read keeps stock of ${sku}.`)
  const keys: RecordKey[] = found.map(({ connection, entity, id }) => ({ connection, entity, id }))
  const { deliveries } = await store.trace(keys)
  const levels = deliveries.filter(({ entity }) => entity === 'StockLevel')
  const sent = await desk.sentOf(levels)
  return {
    sku,
    levels: await Promise.all(keys.map(async key => levelOf(key, await store.record(key)))),
    told: levels.map(({ flow, id, to, state, settledAt, trouble }) => ({
      flow,
      to,
      state,
      at: isoOrNull(settledAt),
      sent: sent.find(each => each.flow === flow && each.id === id)?.request ?? null,
      words: trouble && shownWords(trouble.words, 'StockLevel'),
    })),
  }
}

type Stored = Awaited<ReturnType<Linchpin['store']['record']>>

function levelOf(key: RecordKey, record: Stored): StockAnswer['levels'][number] {
  const { location, onHand, reserved, available } = (record?.canonical ?? {}) as Partial<StockLevel>
  return {
    ...key,
    location: location ?? null,
    onHand: onHand ?? null,
    reserved: reserved ?? null,
    available: available ?? null,
    readAt: record === null ? null : iso(record.readAt),
    changedAt: record === null ? null : iso(record.changedAt),
  }
}
