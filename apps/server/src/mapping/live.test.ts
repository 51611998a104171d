import { expect, test } from 'vitest'
import { followChanges } from './live.ts'

test('what was changed unheard is asked for: before we listened, and while the line was cut', async () => {
  const asked: string[] = []
  let ring: (topic: string) => void = () => {}
  const listen = async (hear: (topic: string) => void) => {
    asked.push('listens')
    ring = hear
    return async () => {}
  }
  await followChanges({ refresh: async () => void asked.push('asks') }, { listen })
  expect(asked).toEqual(['listens', 'asks'])
  for (const topic of ['deliveries shop', 'live', '*']) ring(topic)
  expect(asked).toEqual(['listens', 'asks', 'asks', 'asks'])
})
