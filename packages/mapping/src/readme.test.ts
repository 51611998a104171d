import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { applyMapping, compileMapping } from './apply.ts'
import type { LinkRequest, Mapping, OwnMapping } from './mapping.ts'
import { overlayMapping } from './overlay.ts'
import { mappingSchema } from './schema.ts'

interface Example extends Pick<Mapping, 'fields' | 'tables'> {
  readonly row: unknown
  readonly gives: unknown
  readonly own?: OwnMapping
  readonly links?: Readonly<Record<string, string>>
  readonly missing?: readonly LinkRequest[]
}

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8')
const examples = readme
  .split(/^## /m)
  .flatMap(section =>
    [...section.matchAll(/```json\n([\s\S]*?)```/g)].map(([, json = '']): [string, Example] => [
      section.split('\n')[0] ?? '',
      JSON.parse(json) as Example,
    ]),
  )

test('the README has an example of everything', () => expect(examples.length).toBe(10))

test.each(examples)('the example of the README on "%s" gives what it says', (_, example) => {
  const { row, fields, tables = {}, own, links = {}, gives, missing = [] } = example
  mappingSchema.parse({ fields, tables })
  const compiled = compileMapping(overlayMapping({ from: 'row', to: 'record', fields, tables }, own))
  const link = ({ entity, id }: LinkRequest) => links[`${entity} ${id}`] ?? null
  expect(applyMapping(compiled, row, { link })).toEqual({ value: gives, missing })
})
