import type { Delivery, Settlement } from '@linchpin/store'
import { describe, expect, test } from 'vitest'
import { leftAlone, withOpenIntent } from './intent.ts'

const lost = (operation: 'create' | 'update', targetId: string | null): Delivery => ({
  flow: 'orders',
  entity: 'SalesOrder',
  id: '1042',
  from: 'shop',
  to: 'erp',
  lane: 'SalesOrder/1042',
  force: false,
  gen: 2,
  fence: 2,
  tries: 1,
  attempt: 1,
  unansweredBy: null,
  doubtHash: null,
  intent: { operation, sendBy: 5_000, settledBy: 9_000, isSupposed: false },
  sentHash: 'confirmed',
  expect: null,
  era: 0,
  record: null,
  targetId,
})
const parked = (delivery: Delivery): Settlement => ({
  delivery,
  is: 'parked',
  trouble: { kind: 'refused', words: 'It could not be mapped.' },
  intent: 'clear',
})

describe('a record that cannot go on while an earlier write of it is open', () => {
  test('keeps its create, and says what to look for before it is sent again', () => {
    const settlement = withOpenIntent(parked(lost('create', null)))
    expect(settlement).toMatchObject({ is: 'parked', intent: 'keep' })
    expect(JSON.stringify(settlement)).toMatch(
      /could not be mapped\. .*in erp: look there for shop\/SalesOrder\/1042/,
    )
  })
  test('keeps its create over a delay, too', () => {
    const later = { is: 'later', at: 1, trouble: null, intent: 'clear', counts: true } as const
    expect(withOpenIntent({ delivery: lost('create', null), ...later })).toMatchObject({ intent: 'keep' })
  })
  test('needs no answer for an update, but does not trust what was confirmed before it', () => {
    expect(withOpenIntent(parked(lost('update', '7')))).toMatchObject({
      intent: 'clear',
      delivery: { sentHash: null },
    })
  })
  test('is left as it is when nothing is open', () => {
    const settlement = parked({ ...lost('create', null), intent: null })
    expect(withOpenIntent(settlement)).toBe(settlement)
  })
})

test('what is left alone on purpose is skipped, but not when an earlier create may have arrived', () => {
  expect(withOpenIntent(leftAlone(lost('update', 'S1'), 'In shadow.'))).toMatchObject({ is: 'skipped' })
  const parked = withOpenIntent(leftAlone(lost('create', null), 'In shadow.'))
  expect(parked).toMatchObject({ is: 'parked', intent: 'keep' })
  expect(parked).toMatchObject({ trouble: { words: expect.stringContaining('answer whether it did') } })
})
