import { expect, test } from 'vitest'
import { minutesOf } from './clock.ts'

test('a time of the day in minutes from midnight', () => {
  expect(['00:00', '00:59', '07:05', '22:30', '23:59'].map(minutesOf)).toEqual([0, 59, 425, 1350, 1439])
})
