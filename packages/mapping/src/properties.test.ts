import { sum, multiply } from '@linchpin/model'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { applyMapping, compileMapping } from './apply.ts'
import { explainMapping } from './explain.ts'
import { formats } from './format.ts'
import type { Condition, Expression, Fields, FormatName, Mapping } from './mapping.ts'
import { overlayMapping } from './overlay.ts'
import { parseTarget, readPath } from './path.ts'
import { mappingSchema } from './schema.ts'
import { MappingError } from './wrong.ts'

const names = ['a', 'b', 'c', 'list', 'key', 'value']
const name = fc.constantFrom(...names)
const path = fc.oneof(
  name,
  fc.tuple(name, name).map(([left, right]) => `${left}.${right}`),
  fc.tuple(name, fc.nat(3), name).map(([list, index, inner]) => `${list}[${index}].${inner}`),
  fc.tuple(name, name).map(([list, inner]) => `${list}[key=a].${inner}`),
  name.map(inner => `$.${inner}`),
)
const json = fc.jsonValue({ maxDepth: 2 }) as fc.Arbitrary<never>

const { expression } = fc.letrec<{ expression: Expression; condition: Condition; fields: Fields }>(tie => ({
  expression: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    path,
    json.map((constant): Expression => ({ constant })),
    path.map((inner): Expression => ({ template: `x {${inner}}` })),
    fc.record({ format: fc.constantFrom(...(Object.keys(formats) as FormatName[])), of: tie('expression') }),
    fc.record({ first: fc.array(tie('expression'), { maxLength: 3 }) }),
    fc.record({ when: tie('condition'), then: tie('expression') }),
    fc.record({ each: tie('expression'), where: tie('condition'), as: tie('fields') }),
    fc.record({ object: tie('fields') }),
    fc.record({
      calculate: fc.constantFrom('add', 'subtract', 'multiply', 'divide', 'sum'),
      of: fc.array(tie('expression'), { maxLength: 3 }),
    }),
    fc.record({ lookup: fc.dictionary(name, json), of: tie('expression'), else: tie('expression') }),
    fc.record({ link: fc.constant('Product' as const), of: tie('expression') }),
  ),
  condition: fc.oneof(
    { maxDepth: 2 },
    fc.record({ has: tie('expression') }),
    fc.record({ is: fc.tuple(tie('expression'), tie('expression')) }),
    fc.record({ greater: fc.tuple(tie('expression'), tie('expression')) }),
    fc.record({ in: fc.tuple(tie('expression'), fc.array(json, { maxLength: 2 })) }),
    fc.record({ not: tie('condition') }),
    fc.record({ any: fc.array(tie('condition'), { maxLength: 2 }) }),
  ),
  fields: fc.dictionary(name, tie('expression'), { maxKeys: 3 }),
}))
const mapping = fc
  .dictionary(
    fc.oneof(
      name,
      path.filter(each => !each.startsWith('$')),
    ),
    expression,
    { maxKeys: 5 },
  )
  .map((fields): Mapping => ({ from: 'a', to: 'b', fields }))

const figure = fc.oneof(fc.float(), fc.bigInt({ min: -(10n ** 15n), max: 10n ** 15n }).map(String))
const small = fc.anything({ maxDepth: 1, maxKeys: 3 })
const row = fc.oneof(
  fc.dictionary(name, fc.oneof(small, figure, fc.array(fc.dictionary(name, small), { maxLength: 4 }))),
  fc.anything({
    withBigInt: true,
    withDate: true,
    withMap: true,
    withNullPrototype: true,
    withTypedArray: true,
    maxDepth: 2,
    maxKeys: 3,
  }),
)
const link = ({ id }: { readonly id: string }) => (id.length % 2 === 0 ? id : null)

/** What comes of it: a value, or the words of the error. Any other error fails the test. */
function outcome(written: Mapping, from: unknown): { readonly value: unknown } | { readonly words: string } {
  try {
    return { value: applyMapping(compileMapping(written), from, { link }).value }
  } catch (error) {
    if (error instanceof MappingError) return { words: error.message }
    throw error
  }
}

describe('whatever the mapping and the row', () => {
  test('applying throws nothing but a MappingError', () => {
    fc.assert(
      fc.property(mapping, row, (written, from) => void outcome(written, from)),
      { numRuns: 400 },
    )
  })

  test('a hostile row harms nobody', () => {
    const hostile = {
      get a(): never {
        throw new Error('boom')
      },
      b: Object.create(null) as unknown,
      c: new Proxy(
        {},
        {
          getOwnPropertyDescriptor: () => {
            throw new Error('boom')
          },
        },
      ),
      list: JSON.parse('[{"__proto__":{"polluted":1},"key":"a"}]') as unknown,
    }
    fc.assert(fc.property(mapping, written => void outcome(written, hostile)))
    expect(outcome({ from: 'a', to: 'b', fields: { x: 'a' } }, hostile)).toEqual({
      words: 'a → b, field x: boom',
    })
  })

  test('nothing that all objects share is changed', () => {
    const before = Object.getOwnPropertyNames(Object.prototype)
    const poison = fc.constant(
      JSON.parse('{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}'),
    )
    fc.assert(
      fc.property(mapping, fc.oneof(row, poison), (written, from) => {
        outcome(written, from)
        expect(Object.getOwnPropertyNames(Object.prototype)).toEqual(before)
        expect(({} as { polluted?: unknown }).polluted).toBeUndefined()
      }),
    )
  })

  test('the row is not changed', () => {
    fc.assert(
      fc.property(mapping, fc.dictionary(name, fc.jsonValue()), (written, from) => {
        const before = structuredClone(from)
        outcome(written, from)
        expect(from).toEqual(before)
      }),
    )
  })

  test('explaining gives what applying gives, and never throws', () => {
    fc.assert(
      fc.property(mapping, row, (written, from) => {
        const applied = outcome(written, from)
        if ('words' in applied && !compiles(written)) return
        const compiled = compileMapping(written)
        const { value, problem, missing } = explainMapping(compiled, from, { link })
        expect('words' in applied ? { words: problem } : { value }).toEqual(applied)
        if ('value' in applied) expect(missing).toEqual(applyMapping(compiled, from, { link }).missing)
      }),
    )
  })

  test('the outcome of a field is what stands in the target', () => {
    const fields = fc.dictionary(name, expression, { maxKeys: 4 })
    fc.assert(
      fc.property(fields, row, (written, from) => {
        const explained = explainMapping(compileMapping({ from: 'a', to: 'b', fields: written }), from, {
          link,
        })
        if (explained.problem !== null) return
        for (const { field, outcome: found } of explained.fields)
          expect(readPath(parseTarget(field), explained.value, null)).toEqual(found)
      }),
    )
  })
})

describe('a mapping is data', () => {
  test('to JSON and back, it maps the same', () => {
    fc.assert(
      fc.property(mapping, row, (written, from) => {
        expect(outcome(JSON.parse(JSON.stringify(written)) as Mapping, from)).toEqual(outcome(written, from))
      }),
    )
  })

  test('what can be written can stand in a configuration file', () => {
    fc.assert(
      fc.property(mapping, written => {
        expect(mappingSchema.safeParse(written)).toMatchObject({ success: true, data: written })
      }),
    )
  })

  test('nothing laid over a mapping changes nothing, and laying twice is laying once', () => {
    fc.assert(
      fc.property(mapping, mapping, row, (base, own, from) => {
        expect(overlayMapping(base, {})).toEqual(base)
        const once = overlayMapping(base, own)
        expect(outcome(overlayMapping(once, own), from)).toEqual(outcome(once, from))
      }),
    )
  })
})

describe('arithmetic', () => {
  const cents = fc.bigInt({ min: -(10n ** 20n), max: 10n ** 20n })
  const decimal = fc.tuple(cents, fc.nat(8)).map(([units, places]) => {
    const digits = String(units < 0n ? -units : units).padStart(places + 1, '0')
    const whole = digits.slice(0, digits.length - places)
    return `${units < 0n ? '-' : ''}${whole}${places > 0 ? `.${digits.slice(-places)}` : ''}`
  })
  const calculated = (calculate: 'add' | 'subtract' | 'multiply' | 'sum', of: readonly string[]) =>
    (
      outcome(
        { from: 'a', to: 'b', fields: { x: { calculate, of: of.map(constant => ({ constant })) } } },
        {},
      ) as {
        value: { x: string }
      }
    ).value.x

  test('is exact, in any order', () => {
    fc.assert(
      fc.property(fc.array(decimal, { minLength: 1, maxLength: 20 }), values => {
        expect(calculated('sum', values)).toBe(sum(values))
        expect(calculated('sum', values.toReversed())).toBe(sum(values))
        expect(calculated('add', values)).toBe(sum(values))
      }),
    )
  })

  test('what is added can be taken away again', () => {
    fc.assert(
      fc.property(decimal, decimal, (left, right) => {
        expect(calculated('subtract', [calculated('add', [left, right]), right])).toBe(sum([left]))
        expect(calculated('multiply', [left, right])).toBe(multiply(right, left))
      }),
    )
  })
})

function compiles(written: Mapping): boolean {
  try {
    return compileMapping(written) !== null
  } catch {
    return false
  }
}
