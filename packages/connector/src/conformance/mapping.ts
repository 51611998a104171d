import assert from 'node:assert/strict'
import {
  applyMapping,
  checkMapping,
  compileMapping,
  type LinkRequest,
  type Mapping,
  type MappingFault,
} from '@linchpin/mapping'
import { entities } from '@linchpin/model'
import { z } from 'zod'
import type { Write } from '../connector.ts'
import type { Draft } from './needs.ts'
import { applied } from './outcomes.ts'
import { isRow, type Stage } from './stage.ts'

export const mapping: readonly Draft[] = [
  {
    name: 'the mappings fit their schemas and the model, and fill all that the model requires',
    needs: [],
    body: async ({ rig, entity, writer }) => {
      const canonical = entities[rig.entity]
      const complete = (entity.changes ?? entity.get) !== undefined
      none(checkMapping(entity.mapping, entity.schema, canonical, { complete }))
      if (writer) none(checkMapping(writer.mapping, canonical, writer.schema))
    },
  },
  {
    // Rows are open to custom fields, so a name written wrongly in a mapping would come to nothing and never be told.
    name: 'the mappings name only fields that the schemas name',
    needs: [],
    body: async ({ entity, writer }) => {
      none(checkMapping(entity.mapping, entity.schema, z.any(), { declaredOnly: true }))
      if (writer) none(checkMapping(writer.mapping, z.any(), writer.schema, { declaredOnly: true }))
    },
  },
  {
    name: 'every row becomes a valid canonical record of the same id, its amounts as decimal texts',
    needs: ['read'],
    body: async stage => {
      await stage.rig.seed(3)
      const { items } = stage.entity.changes
        ? await stage.readAll(null, 10)
        : { items: await readByIds(stage) }
      const rows = items.filter(isRow)
      assert.ok(rows.length > 0, 'There was no row.')
      for (const { id, row } of rows) assert.equal(canonicalOf(stage, row)['id'], id)
    },
  },
  {
    name: 'a canonical record becomes a row that the writer takes',
    needs: ['write', 'canonical'],
    body: async stage => {
      const write = await writeOf(stage)
      const parsed = stage.writer?.schema.safeParse(write.row)
      assert.ok(parsed?.success, `${JSON.stringify(write.row)}: ${parsed?.error?.message ?? ''}`)
      applied((await stage.write([write]))[0])
    },
  },
  {
    name: 'amounts and quantities are the same after writing and reading',
    needs: ['write', 'get', 'canonical', 'survives'],
    body: async stage => {
      const { id } = applied((await stage.write([await writeOf(stage)]))[0])
      const [shot] = await stage.get([id])
      const { record, survives } = stage.rig.canonical ?? {}
      assert.ok(shot && record && survives)
      assert.deepEqual(survives(canonicalOf(stage, shot.row)), survives(record))
    },
  },
]

function none(faults: readonly MappingFault[]): void {
  const told = faults.map(({ message }) => message).join('\n')
  assert.equal(
    told,
    '',
    `${told}\nCorrect the mapping, or declare the field in the schema (optional, if it is).`,
  )
}

const readByIds = async (stage: Stage) => stage.get(await stage.atLeast(3))

function canonicalOf(stage: Stage, row: unknown): Readonly<Record<string, unknown>> {
  return valid(
    stage,
    mapped(stage.entity.mapping, row, () => null),
  )
}

function valid({ rig }: Stage, record: unknown): Readonly<Record<string, unknown>> {
  const parsed = entities[rig.entity].safeParse(record)
  assert.ok(parsed.success, `This is no ${rig.entity}: ${parsed.error?.message ?? ''}`)
  return parsed.data as Readonly<Record<string, unknown>>
}

async function writeOf(stage: Stage): Promise<Write<unknown>> {
  const { record, link = () => null } = stage.rig.canonical ?? {}
  const { writer } = stage
  assert.ok(writer && record)
  const [id = null] = writer.updatesOnly === true ? await stage.atLeast(1) : []
  return { key: stage.keyOf(0), id, row: mapped(writer.mapping, valid(stage, record), link) }
}

function mapped(by: Mapping, record: unknown, link: (request: LinkRequest) => string | null): unknown {
  const { value, missing } = applyMapping(compileMapping(by), record, { link })
  const wanting = missing.map(({ entity, id }) => `${entity} ${id}`).join(', ')
  assert.equal(wanting, '', `${by.from} → ${by.to} waits for links that the rig does not give: ${wanting}`)
  return value
}
