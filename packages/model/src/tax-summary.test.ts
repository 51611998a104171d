import { expect, test } from 'vitest'
import { buildDocument } from './build.ts'
import { taxSummary } from './tax-summary.ts'
import { mug } from './testing.ts'

const net = { currency: 'EUR', taxInclusive: false }

test('taxes are summed by rate over lines and charges, the highest rate first', () => {
  const document = buildDocument({
    ...net,
    lines: [
      mug({ rates: [{ rate: '7' }] }),
      mug({ rates: [{ rate: '19' }] }),
      mug({ rates: [{ rate: '19.00' }] }),
    ],
    charges: [{ id: 's', kind: 'shipping', name: 'DHL', price: '5.00', rates: [{ rate: '19' }] }],
  })
  expect(taxSummary(document)).toEqual([
    { rate: '19', taxable: '25.00', amount: '4.75' },
    { rate: '7', taxable: '10.00', amount: '0.70' },
  ])
})

test('one rate of two categories stays apart', () => {
  const rates = ['Z', 'AE'].map(category => [{ rate: '0', category }])
  const lines = rates.map(each => mug({ rates: each }))
  expect(taxSummary(buildDocument({ ...net, lines })).map(({ category }) => category)).toEqual(['AE', 'Z'])
})

test('two taxes on one line each count its net', () => {
  const rates = [
    { rate: '6', name: 'State' },
    { rate: '1', name: 'County' },
  ]
  expect(taxSummary(buildDocument({ ...net, lines: [mug({ rates })] }))).toEqual([
    { rate: '6', name: 'State', taxable: '10.00', amount: '0.60' },
    { rate: '1', name: 'County', taxable: '10.00', amount: '0.10' },
  ])
})

test('a name that only some of a rate’s lines use does not name its sum', () => {
  const lines = [
    mug({ rates: [{ rate: '19', name: 'VAT' }] }),
    mug({ rates: [{ rate: '19', name: 'MwSt' }] }),
  ]
  expect(taxSummary(buildDocument({ ...net, lines }))).toEqual([
    { rate: '19', taxable: '20.00', amount: '3.80' },
  ])
})

test('a line without tax counts at zero; a tax whose rate was not told has none', () => {
  const { lines } = buildDocument({ ...net, lines: [mug({ rates: [] }), mug()] })
  const untold = lines.map(line => ({ ...line, taxes: [] }))
  expect(taxSummary({ currency: 'EUR', lines: untold, charges: [] })).toEqual([
    { rate: '0', taxable: '10.00', amount: '0.00' },
    { taxable: '10.00', amount: '1.90' },
  ])
})
