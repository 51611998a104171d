import { afterEach, expect, test, vi } from 'vitest'
import { commandLine } from './index.ts'

afterEach(() => vi.restoreAllMocks())

const step = {
  id: '3',
  key: 'k',
  label: 'ROPE-10M',
  would: 'link',
  words: 'It would be linked.',
  row: null,
  targetId: '15',
  fields: [],
  worth: null,
  proof: 'abc',
}

/** What is said when a push has been done. */
async function saidOf(owed: boolean): Promise<string> {
  const answer = { flow: 'product-erp-to-shop', to: 'shop', step, owed }
  vi.stubGlobal('fetch', () => Promise.resolve(Response.json(answer)))
  const said: string[] = []
  vi.spyOn(process.stdout, 'write').mockImplementation(text => said.push(String(text)) > 0)
  const words = ['--url', 'http://linchpin.test', 'push', answer.flow, '3', 'shop', '--apply']
  await commandLine().parseAsync(['node', 'linchpin', ...words])
  vi.unstubAllGlobals()
  return said.join('')
}

test('a delivery is said to be owed only where one is', async () => {
  expect(await saidOf(true)).toContain('Its delivery is owed to product-erp-to-shop.')
  const linked = await saidOf(false)
  expect(linked).toContain('They are linked now')
  expect(linked).not.toContain('owed')
})
