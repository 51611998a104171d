import { describe, expect, test } from 'vitest'
import { parsePath, parseTarget, pathText, readPath } from './path.ts'

const read = (path: string, item: unknown, root: unknown = item) => readPath(parsePath(path), item, root)

describe('reading', () => {
  const order = {
    lines: [{ id: 7 }, { id: '8' }],
    meta_data: [{ key: 'gift' }, { key: 'po', value: 'PO-7' }],
    ids: [[1, 2], [3]],
    'a.b': { 'c]d': 1 },
    'acf:colour-2': 'red',
  }

  test.each([
    ['lines[1].id', '8'],
    ['lines[id=7].id', 7],
    ['meta_data[key=po].value', 'PO-7'],
    ['ids[0][1]', 2],
    ['["a.b"]["c]d"]', 1],
    ['acf:colour-2', 'red'],
    ['lines[2].id', undefined],
    ['lines.id', undefined],
    ['meta_data[key=].value', undefined],
  ])('%s', (path, value) => expect(read(path, order)).toBe(value))

  test('$ is the whole record, . the item', () => {
    expect(read('$.a', { a: 1 }, { a: 2 })).toBe(2)
    expect(read('$[0]', {}, ['x'])).toBe('x')
    expect(read('$', 1, 2)).toBe(2)
    expect(read('.', 1, 2)).toBe(1)
  })

  test("only an object's own names are there", () => {
    expect(read('toString', {})).toBeUndefined()
    expect(read('length', 'text')).toBeUndefined()
    expect(read('lines.length', order)).toBeUndefined()
    expect(read('a', Object.assign(Object.create(null), { a: 1 }))).toBe(1)
  })
})

describe('parsing', () => {
  test.each(['__proto__', 'a.__proto__.b', 'a.constructor', 'a["prototype"]', 'a[__proto__=x]'])(
    '%s is refused',
    path => expect(() => parsePath(path)).toThrow('which no mapping may touch'),
  )

  test.each(['', 'a.', '.a', 'a..b', 'a[', 'a]', 'a[]', 'a[-1]', 'a[key]', 'a b .c', ' a', 'a'.repeat(301)])(
    '"%s" is no path',
    path => expect(() => parsePath(path)).toThrow(RangeError),
  )

  test.each(['$.a', '.', '[0].a', '$'])('%s is no target', path =>
    expect(() => parseTarget(path)).toThrow('cannot be a target field'),
  )

  test('a path is written as it was read', () => {
    for (const text of ['a.b', 'lines[0].id', 'meta_data[key=po].value', '["a.b"].c'])
      expect(pathText(parsePath(text).steps)).toBe(text)
  })
})
