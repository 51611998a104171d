import { compileMapping } from '@linchpin/mapping'
import type { Canonical, EntityName } from '@linchpin/model'
import { describe, expect, test } from 'vitest'
import type { Preparing } from '../prepare.ts'
import type { Flow, Setup } from '../setup.ts'
import { comparedFields, pushOf, sideBySide } from './side-by-side.ts'

const write = compileMapping({
  from: 'Product',
  to: 'shop.Product',
  fields: { title: 'name', price_note: 'description', shelf: 'unit' },
})
const read = compileMapping({
  from: 'shop.Product',
  to: 'Product',
  fields: { name: 'title', description: 'price_note' },
})
const flow = (more: Partial<Flow> = {}) =>
  ({ name: 'out', entity: 'Product', from: 'erp', to: 'shop', create: true, update: true, ...more }) as Flow
const back = flow({ name: 'back', from: 'shop', to: 'erp' })

const setup = (flows: readonly Flow[], here = ['erp', 'shop']) =>
  ({ flows, here: new Set(here), writeMapping: () => write, readMapping: () => read }) as unknown as Setup
const deps = (flows: readonly Flow[]) =>
  ({ setup: setup(flows), store: {}, world: { now: () => 0 } }) as unknown as Preparing

const ours = { name: 'Mug', description: 'White', unit: 'C62' } as unknown as Canonical
const theirs = { name: 'Mug', description: 'Blue' } as unknown as Canonical
const fieldsOf = async (of: Flow, there: Canonical | null, flows: readonly Flow[] = [of]) => {
  const found = await sideBySide({ id: '1', ours, theirs: there }, of, deps(flows))
  return Object.fromEntries(found.map(({ field, same, wins, because }) => [field, [same, wins, because]]))
}

describe('side by side', () => {
  test('the source wins what the flow carries, and what the target does not tell is nobody’s', async () => {
    expect(await fieldsOf(flow(), theirs)).toEqual({
      title: [true, 'erp', 'carried'],
      price_note: [false, 'erp', 'carried'],
      shelf: [null, null, 'not told'],
    })
  })

  test('of a target that nobody asked nothing is claimed', async () => {
    const found = await fieldsOf(flow(), null)
    expect(Object.values(found).map(([same]) => same)).toEqual([null, null, null])
  })

  test('where the entity is carried back, too, it is said; a flow that only finds wins nothing', async () => {
    expect((await fieldsOf(flow(), theirs, [flow(), back]))['title']).toEqual([true, 'erp', 'both ways'])
    // A way back that changes nothing there brings nothing back.
    const finds = { ...back, update: false }
    expect((await fieldsOf(flow(), theirs, [flow(), finds]))['title']).toEqual([true, 'erp', 'carried'])
    expect((await fieldsOf(flow({ update: false }), theirs))['title']).toEqual([true, null, 'never changed'])
  })

  test('what is done about a field is what the policy says, or what its entity asks for', async () => {
    const heal = async (of: Flow) =>
      (await sideBySide({ id: '1', ours, theirs }, of, deps([of]))).map(each => each.heal)
    expect(await heal(flow())).toEqual(['propose', 'propose', 'propose'])
    const own = { missing: 'ask', fields: { title: 'ignore' }, otherwise: 'ask' } as const
    expect(await heal(flow({ heal: own }))).toEqual(['ignore', 'ask', 'ask'])
  })

  test('of documents a person decides on the sum and the cancellation, and the source tells the parcels', async () => {
    const order = (payable: string, status: string) =>
      ({ status, currency: 'EUR', totals: { payable } }) as unknown as Canonical
    const of = flow({ entity: 'SalesOrder' })
    const found = await sideBySide(
      { id: '1', ours: order('10.00', 'open'), theirs: order('10', 'cancelled') },
      of,
      deps([of]),
    )
    expect(found).toMatchObject([
      { field: 'total', same: true, wins: null, because: 'person', heal: 'ask' },
      { field: 'cancelled', same: false, wins: null, because: 'person' },
    ])
    const shipment = (...numbers: string[]) =>
      ({ status: 'open', tracking: numbers.map(number => ({ number })) }) as unknown as Canonical
    const goes = flow({ entity: 'Shipment' })
    const parcels = await sideBySide(
      { id: '1', ours: shipment('A', 'B'), theirs: shipment('B', 'A') },
      goes,
      deps([goes]),
    )
    expect(parcels.find(({ field }) => field === 'tracking')).toMatchObject({
      same: true,
      wins: 'erp',
      because: 'carried',
    })
  })
})

describe('one side over the other', () => {
  const pair = { id: '1', targetId: '9' }
  const push = (
    to: string,
    of: Flow,
    flows: readonly Flow[],
    here?: string[],
    at: Parameters<typeof pushOf>[0] = pair,
  ) => {
    const found = pushOf(at, to, of, setup(flows, here))
    return 'not' in found ? found.not : [found.flow.name, found.id]
  }

  test('goes by the flow itself, or by the one that carries it back, under the id that its source has', () => {
    expect(push('shop', flow(), [flow(), back])).toEqual(['out', '1'])
    expect(push('erp', flow(), [flow(), back])).toEqual(['back', '9'])
    const other = { ...back, entity: 'Price' as EntityName }
    expect(push('erp', flow(), [flow(), other])).toBe('no flow')
  })

  test('does not go where the flow may not, cannot, or has nothing to bring', () => {
    expect(push('shop', flow({ shadow: true }), [flow()])).toBe('trial')
    expect(push('shop', flow(), [flow()], ['erp'])).toBe('elsewhere')
    expect(push('erp', flow(), [flow(), { ...back, update: false }])).toBe('never changes')
    expect(push('erp', flow(), [flow(), back], undefined, { id: '1', targetId: null })).toBe('not there')
  })

  test('a flow that only creates brings what is not there yet, and never writes over what is', () => {
    const creates = flow({ update: false })
    expect(push('shop', creates, [creates])).toBe('never changes')
    expect(push('shop', creates, [creates], undefined, { id: '1', targetId: null })).toEqual(['out', '1'])
  })
})

test('what may be left out is what is compared', () => {
  expect(comparedFields(flow(), setup([]))).toEqual(['title', 'price_note', 'shelf'])
  expect(comparedFields(flow({ entity: 'Invoice' }), setup([]))).toEqual(['total', 'cancelled'])
  expect(comparedFields(flow({ entity: 'Shipment' }), setup([]))).toContain('tracking')
})
