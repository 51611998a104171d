import type { PlannedStep } from '@linchpin/engine'
import { expect, test } from 'vitest'
import { plannedAnswer } from './planned.ts'

const step: PlannedStep = {
  id: '7',
  key: 'ada@example.com',
  label: 'ada@example.com',
  would: 'update',
  words: 'ada@example.com is there already.',
  row: { name: 'A-7', email: 'ada@example.com', street: 'Oranienstraße 25', amount: '12.50', token: 'xyzzy' },
  targetId: '4711',
  fields: [
    { field: 'email', ours: 'ada@example.com', theirs: 'ada@example.org', owner: null },
    { field: 'amount', ours: '12.50', theirs: '12.40', owner: null },
  ],
  worth: null,
  proof: 'a-proof',
}

test('whoever may not see personal data is shown a plan without it, and can apply it all the same', () => {
  const shown = plannedAnswer(step, { rights: ['look', 'operate'] })
  expect(JSON.stringify(shown)).not.toMatch(/ada@|example\.org|Oranien|xyzzy/)
  expect(shown.fields[1]).toMatchObject({ ours: '12.50', theirs: '12.40' })
  expect(shown.proof).toBe('a-proof')
})

test('whoever may is shown what would be written, and never a secret', () => {
  const shown = plannedAnswer(step, { rights: ['look', 'reveal', 'operate'] })
  expect(shown.fields[0]).toMatchObject({ ours: 'ada@example.com' })
  expect(JSON.stringify(shown)).not.toContain('xyzzy')
})
