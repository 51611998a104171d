import { Problem } from '@linchpin/connector'
import { z } from 'zod'
import { call } from '../client.ts'
import { eachEntity, otherGet, type Flaws } from './change.ts'

export const askingFlaws: Flaws = {
  'gets the first ten only': otherGet(async (get, session, ids) => (await get(session, ids)).slice(0, 10)),
  'reads a number out of any id': otherGet(async (get, session, ids) =>
    get(session, [...new Set(ids.map(id => String(Number.parseInt(id, 10))))]),
  ),
  'takes what was removed for what it looks for': eachEntity(({ match, ...entity }) => ({
    ...entity,
    ...(match && {
      match: async (session, keys) => {
        const rows = z.array(z.object({ id: z.string(), sku: z.string() }))
        const all = await call(session, '/products?limit=1000', rows)
        return keys.map(({ sku }) => all.filter(row => row.sku === sku).map(({ id }) => ({ id, by: 'SKU' })))
      },
    }),
  })),
  'gives half an address': eachEntity(entity => ({ ...entity, url: (_session, id) => `/screens/${id}` })),
  'is troubled when there is no file': eachEntity(({ file, ...entity }) => ({
    ...entity,
    ...(file && {
      file: async (session, id) => {
        const found = await file(session, id)
        if (found === null) throw new Problem('refused', `Order ${id} has no file.`)
        return found
      },
    }),
  })),
}
