import { z } from 'zod'
import { eachEntity, eachWriter, type Flaws } from './change.ts'

export const declarationFlaws: Flaws = {
  'shouts its id': connector => ({ ...connector, id: 'Memory' }),
  'has words of its own for an entity': connector => ({
    ...connector,
    entities: { ...connector.entities, Orders: connector.entities.SalesOrder },
  }),
  'shows its secret': connector => ({
    ...connector,
    settings: z.object({ url: z.string(), token: z.string(), webhookSecret: z.string() }),
  }),
  'takes anything for settings': connector => ({ ...connector, settings: z.any() }),
  'does nothing at once': connector => ({ ...connector, limits: { ...connector.limits, atOnce: 0 } }),
  'maps from a field that is not there': eachEntity(entity => ({
    ...entity,
    mapping: { ...entity.mapping, fields: { ...entity.mapping.fields, 'extra.colour': 'collor' } },
  })),
  'maps to a field that is not there': eachWriter(writer => ({
    ...writer,
    mapping: { ...writer.mapping, fields: { ...writer.mapping.fields, collor: 'id' } },
  })),
}
