import type { Connector } from '@linchpin/connector'
import { applyMapping, type OwnMapping } from '@linchpin/mapping'
import { expect, test } from 'vitest'
import { setUp, writingVersion, type Connection, type Flow } from './setup.ts'

const mapping = (field: string, path: string) => ({ fields: { [field]: path } })
const connection = (name: string, entity: object): Connection => ({
  name,
  connector: { title: name, entities: { Product: entity } } as unknown as Connector,
  settings: null,
})
const connections = [
  connection('erp', { mapping: mapping('name', 'erp_name') }),
  connection('shop', { writer: { mapping: mapping('title', 'name') } }),
]
const flow = { name: 'products', entity: 'Product', from: 'erp', to: 'shop', priority: 1 } as Flow

test('from point to point, what people change about the reading of rows is in force at once', () => {
  const said = new Map<string, { version: number; mapping: OwnMapping }>()
  const live = {
    own: (name: string) => said.get(name) ?? null,
    corrected: (...[, , , row]: unknown[]) => row,
    ignores: () => false,
    ignoring: () => '',
  }
  const direct: Flow = { ...flow, topology: 'point-to-point' }
  const setup = setUp(connections, [direct], live)
  const made = () => {
    const row = { erp_name: 'Mug', other: 'Cup' }
    return applyMapping(setup.directMapping(direct), row, { link: () => null }).value
  }
  expect(made()).toEqual({ title: 'Mug' })
  said.set('erp.Product', { version: 1, mapping: mapping('name', 'other') as OwnMapping })
  expect(made()).toEqual({ title: 'Cup' })
  // One that was made for the canonical record, when the flow went over the hub, reads no rows.
  said.set('products', { version: 3, mapping: mapping('title', 'sku') as OwnMapping })
  expect(made()).toEqual({ title: 'Cup' })
  expect([writingVersion(setup, direct), writingVersion(setup, flow)]).toEqual([0, 3])
})
