import { checkMapping } from '@linchpin/mapping'
import { entities, entityNames } from '@linchpin/model'
import { expect, test } from 'vitest'
import { odoo } from './odoo.ts'

test.each(entityNames.filter(name => odoo.entities[name]))(
  'the mappings of %s name only what is there, and fill all that is needed',
  name => {
    const entity = odoo.entities[name]
    if (!entity) throw new Error('no such entity')
    expect(checkMapping(entity.mapping, entity.schema, entities[name], { complete: true })).toEqual([])
    const { writer } = entity
    if (writer)
      expect(checkMapping(writer.mapping, entities[name], writer.schema, { complete: true })).toEqual([])
  },
)
