import { describe, expect, test } from 'vitest'
import { backupAt } from './recover.ts'
import type { Forgotten } from './restored.ts'
import type { Witness } from '@linchpin/store'

const HOUR = 60 * 60_000
const flows = [{ name: 'orders', from: 'shop', to: 'erp' }] as never

const witness = (of: Partial<Witness>): Witness => ({
  entity: 'SalesOrder',
  id: '1',
  to: 'shop',
  targetId: 'S1',
  alias: false,
  at: 0,
  how: 'written',
  flow: 'orders',
  canonical: null,
  goneAt: null,
  ...of,
})
const lostOf = (of: Partial<Witness>): Forgotten => ({ ...witness(of), isOther: false })

/** The backup was made at two; whatever is written from its hour on must be written again. */
describe('how old a backup is', () => {
  test('a customer who was recognised after it says nothing, as old as they may be', () => {
    const there = [
      witness({ id: '1', at: HOUR }),
      witness({ id: '2', at: 9 * HOUR, how: 'found by e-mail', entity: 'Account' }),
    ]
    expect(backupAt('erp', { there, lost: [lostOf({ id: '3', at: 8 * HOUR })] }, { flows })).toBe(0)
  })

  test('an order that was linked long after it was placed tells of its own hour', () => {
    const placed = witness({
      id: 'S1',
      to: 'erp',
      targetId: '1',
      at: 9 * HOUR,
      canonical: { issuedAt: at(HOUR) },
    })
    expect(backupAt('shop', { there: [placed], lost: [] }, { flows })).toBe(0)
  })

  test('no later than the oldest record that is lost', () => {
    const there = [witness({ id: '1', at: HOUR }), witness({ id: '2', at: 5 * HOUR })]
    expect(backupAt('erp', { there, lost: [lostOf({ id: '3', at: 3 * HOUR })] }, { flows })).toBe(0)
  })

  test('what was deleted long ago does not make it older', () => {
    const there = [witness({ id: '1', at: HOUR }), witness({ id: '2', at: 5 * HOUR })]
    const deleted = lostOf({ id: '3', at: HOUR, goneAt: 2 * HOUR })
    const lost = lostOf({ id: '4', at: 8 * HOUR })
    expect(backupAt('erp', { there, lost: [deleted, lost] }, { flows })).toBe(4 * HOUR)
  })

  test('where all that is lost counts as gone already, what is newest may have come after the restore', () => {
    const there = [witness({ id: '1', at: HOUR }), witness({ id: '2', at: 9 * HOUR })]
    const gone = lostOf({ id: '3', at: 3 * HOUR, goneAt: 8 * HOUR })
    expect(backupAt('erp', { there, lost: [gone] }, { flows })).toBe(null)
  })

  test('where nothing tells, nobody guesses', () => {
    const there = [witness({ how: 'found by e-mail', at: HOUR })]
    expect(backupAt('erp', { there, lost: [] }, { flows })).toBe(null)
  })
})

const at = (ms: number) => new Date(ms).toISOString()
