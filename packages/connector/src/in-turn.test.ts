import { expect, test } from 'vitest'
import { inTurn } from './in-turn.ts'

test('each begins when the one before it has ended, and the results stand in the order of the items', async () => {
  const told: string[] = []
  const results = await inTurn(['a', 'b'], async (item, turn) => {
    told.push(`${item} begins`)
    await Promise.resolve()
    told.push(`${item} ends`)
    return `${item}${turn}`
  })
  expect(results).toEqual(['a0', 'b1'])
  expect(told).toEqual(['a begins', 'a ends', 'b begins', 'b ends'])
})
