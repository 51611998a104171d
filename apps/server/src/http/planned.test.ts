import { expect, test } from 'vitest'
import { maskedMatch, maskedPlan } from './planned.ts'

test('a plan without personal data still says what would be done', () => {
  const step = {
    id: '7',
    key: 'shop/Account/7',
    label: 'noor@example.com',
    would: 'update',
    words: 'noor@example.com is brought up to date.',
    row: { name: 'Noor de Vries', phone: '+49891234', country: 'DE' },
    targetId: '3',
    fields: [{ field: 'name', ours: 'Noor de Vries', theirs: 'Noor', owner: null }],
    worth: null,
    proof: 'abc',
  } as const
  expect(maskedPlan('Account')(step)).toEqual({
    ...step,
    label: '7',
    words: 'n•••@•••.com is brought up to date.',
    row: { name: 'N•••', phone: '+•••', country: 'DE' },
    fields: [{ field: 'name', ours: 'N•••', theirs: 'N•••', owner: null }],
  })
})

test('nor does a match say who it is', () => {
  const candidates = [{ id: '3', label: 'noor@example.com', by: 'e-mail' }]
  const found = {
    id: '7',
    is: 'likely',
    label: 'noor@example.com',
    words: 'One has it.',
    candidates,
  } as const
  expect(JSON.stringify(maskedMatch('Account')(found))).not.toContain('noor')
})
