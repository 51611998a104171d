import { expect, test } from 'vitest'
import { planned } from './shapes.ts'

test('a field that the target does not have is told without a value of its own', () => {
  const told = {
    id: '1',
    key: 'k',
    label: null,
    would: 'update',
    words: 'It would be brought up to date.',
    row: null,
    targetId: '7',
    fields: [{ field: 'gtin', ours: '4006381333931', theirs: undefined, owner: 'erp' }],
    worth: null,
    proof: null,
  }
  expect(planned.parse(JSON.parse(JSON.stringify(told))).fields).toHaveLength(1)
})
