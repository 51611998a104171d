import { expect, test } from 'vitest'
import { watchMemories, watchWebhooks, type House } from './housekeeping.ts'

/** A house that speaks to the shop alone, and knows of an ERP that another process speaks to. */
function house() {
  const asked: string[] = []
  const connectionOf = (name: string) => ({
    name,
    webhookUrl: `https://linchpin.test/webhooks/${name}`,
    connector: { entities: {}, webhook: { subscribe: async () => (asked.push(name), []) } },
  })
  const it = {
    setup: {
      here: new Set(['shop']),
      connections: new Map(['shop', 'erp'].map(name => [name, connectionOf(name)])),
      flows: [],
    },
    control: { closedFor: async () => 0 },
    sourceLane: (connection: string) => {
      asked.push(`lane of ${connection}`)
      return { connection, session: async () => null }
    },
  } as unknown as House
  return { asked, house: it }
}

test('only the webhooks of its own connections are pointed at a process', async () => {
  const { asked, house: it } = house()
  await watchWebhooks(it)
  expect(asked).toEqual(['lane of shop', 'shop'])
})

test('only its own connections are asked whether they remember', async () => {
  const { asked, house: it } = house()
  await watchMemories(it)
  expect(asked).toEqual(['lane of shop'])
})
