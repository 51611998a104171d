import type { Delivery, Settlement } from '@linchpin/store'

/** One intent, one key, for ever: where the target has room for it, it stands there and can be searched for. */
export function keyOf({ from, entity, id, era }: Pick<Delivery, 'from' | 'entity' | 'id' | 'era'>): string {
  return era === 0 ? `${from}/${entity}/${id}` : `${from}/${entity}/${id}~${era}`
}

/** A create of which nobody knows whether it arrived, and whose record is not linked. */
export function isOpenCreate({ intent, targetId }: Pick<Delivery, 'intent' | 'targetId'>): boolean {
  return intent?.operation === 'create' && targetId === null
}

/**
 * Nothing was sent this time, so an earlier write whose answer was lost is as open as it was before. A create stays
 * intended, whatever else is wrong with its record now: forgotten, it would be sent a second time once that is mended.
 * Of an update only this much is kept, that what stands in the target need not be what was last confirmed.
 */
export function withOpenIntent(settlement: Settlement): Settlement {
  const { delivery } = settlement
  if (delivery.intent === null) return settlement
  if (!isOpenCreate(delivery))
    return clears(settlement) ? { ...settlement, delivery: { ...delivery, sentHash: null } } : settlement
  if (settlement.is === 'later') return { ...settlement, intent: 'keep' }
  if (settlement.is !== 'parked') return settlement
  const { kind, words } = settlement.trouble
  const asked = kind === 'unknown' ? words : `${words} ${asks(delivery)}`
  return { ...settlement, trouble: { kind, words: asked }, intent: 'keep' }
}

/** A create that may have arrived before somebody changed their mind is not forgotten: a person looks for it. */
export function leftAlone(delivery: Delivery, words: string): Settlement {
  if (!isOpenCreate(delivery)) return { delivery, is: 'skipped', words }
  return { delivery, is: 'parked', trouble: { kind: 'refused', words }, intent: 'keep' }
}

function clears(settlement: Settlement): boolean {
  if (settlement.is === 'later' || settlement.is === 'parked') return settlement.intent === 'clear'
  return settlement.is === 'skipped'
}

/** What a person is asked who must say whether it arrived. */
export const asks = (delivery: Delivery) =>
  `An earlier try may have arrived in ${delivery.to}: look there for ${keyOf(delivery)}, then answer whether it did.`
