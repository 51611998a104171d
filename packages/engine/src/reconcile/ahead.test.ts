import { expect, test } from 'vitest'
import { ahead } from './ahead.ts'

function book() {
  const read: string[] = []
  const page = (name: string) => async () => {
    read.push(name)
    if (name === 'torn') throw new Error('torn')
    return name
  }
  return { read, page }
}

test('a page that was read ahead is not read again, another one is', async () => {
  const { read, page } = book()
  const pages = ahead<string>(() => true)
  pages.begin('2', page('two'))
  expect(await pages.take('2', page('two'))).toBe('two')
  expect(await pages.take('2', page('two anew'))).toBe('two anew')
  pages.begin('3', page('three'))
  expect(await pages.take('4', page('four'))).toBe('four')
  expect(read).toEqual(['two', 'two anew', 'three', 'four'])
})

test('a failure is told to whoever takes the page, and to nobody before', async () => {
  const { page } = book()
  const pages = ahead<string>(() => true)
  pages.begin('2', page('torn'))
  await new Promise(resolve => setImmediate(resolve))
  await expect(pages.take('2', page('two'))).rejects.toThrow('torn')
})

test('without time, nothing is read ahead', async () => {
  const { read, page } = book()
  const pages = ahead<string>(() => false)
  pages.begin('2', page('two'))
  expect(read).toEqual([])
  expect(await pages.take('2', page('two'))).toBe('two')
})
