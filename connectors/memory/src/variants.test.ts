import type { Connector } from '@linchpin/connector'
import { conformance } from '@linchpin/connector/conformance'
import { describe, expect, test } from 'vitest'
import { memory } from './memory.ts'
import { salesOrder } from './orders.ts'
import { orderRig } from './rigs.ts'
import { memoryAsks, memoryFinds, memoryQueues } from './variants.ts'

const { changes: _changes, ...gettable } = salesOrder
const { writer: _writer, get: _get, ...listed } = salesOrder
const { writer } = salesOrder
const withOrders = (entity: object): Connector =>
  ({ ...memory, entities: { SalesOrder: entity } }) as Connector

const rigs = {
  'orders of a look-alike that can be searched for our key': orderRig(memoryFinds, false),
  'orders of a look-alike that nobody can find again': orderRig(memoryAsks, false),
  'orders of a look-alike that tells them through a queue': orderRig(memoryQueues),
  'orders of a look-alike that are only updated': orderRig(
    withOrders({ ...salesOrder, writer: { ...writer, updatesOnly: true } }),
  ),
  'orders of a look-alike that are only read, by their ids': orderRig(
    withOrders({ ...gettable, writer: undefined }),
  ),
  'orders of a look-alike that are only read, as they change': orderRig(withOrders(listed)),
  'orders of a look-alike that takes one write a call': orderRig(
    withOrders({ ...salesOrder, writer: { ...writer, batch: 1 } }),
  ),
}

for (const [what, rig] of Object.entries(rigs))
  describe(what, () => {
    for (const { name, skip, run } of conformance(rig)) if (skip === null) test(name, run)
  })

test('a check that does not apply stays in the list, and says why', () => {
  const names = (rig: keyof typeof rigs) => conformance(rigs[rig]).map(check => check.name)
  const readOnly = conformance(rigs['orders of a look-alike that are only read, as they change'])
  expect(readOnly.map(check => check.name)).toEqual(
    names('orders of a look-alike that can be searched for our key'),
  )
  const skips = new Set(readOnly.map(check => check.skip))
  expect(skips).toContain('the entity has no writer')
  expect(skips).toContain('the entity has no `get`')
})
