import { z } from 'zod'
import { call } from '../client.ts'
import {
  both,
  eachEntity,
  eachItem,
  eachPage,
  eachSnapshot,
  otherChanges,
  otherGet,
  type Flaws,
} from './change.ts'

export const readingFlaws: Flaws = {
  'skips a row': eachPage((page, after) => (after === null ? page : { ...page, items: page.items.slice(1) })),
  'gives more than was asked for': otherChanges((changes, session, after, limit) =>
    changes(session, after, limit + 1),
  ),
  'loses ties': otherChanges((changes, session, after, limit) =>
    changes(session, after?.replace(/("at":\{[^}]*"id":")[^"]*/, '$1~') ?? null, limit),
  ),
  'never ends': eachPage((page, after) => ({ ...page, next: after ?? page.next, more: true })),
  'tells old things as new': eachItem((item, { io }) =>
    'row' in item ? { ...item, version: io.nonce() } : item,
  ),
  'has one version for all': eachSnapshot(shot => ({ ...shot, version: '1' })),
  'believes that nothing happens twice in a second': otherChanges(async (changes, session, after, limit) => {
    const page = await changes(session, after, limit)
    const { newest, at } = JSON.parse(after ?? '{}') as { newest?: string; at?: unknown }
    const old = (item: object) => 'row' in item && (item.row as { changed: string }).changed === newest
    return { ...page, items: page.items.filter(item => at !== null || !old(item)) }
  }),
  'acknowledges what nobody has saved yet': eachEntity(({ changes, acknowledge, ...entity }) => ({
    ...entity,
    ...(acknowledge && { acknowledge }),
    ...(changes && {
      changes: async (session, after, limit) => {
        const page = await changes(session, after, limit)
        await acknowledge?.(session, page.next)
        return page
      },
    }),
  })),
  'hides removals': eachItem(item => ('gone' in item ? null : item)),
  'strips what it does not know': eachEntity(entity => ({ ...entity, schema: z.object({ id: z.string() }) })),
  'guesses types': eachSnapshot(shot => ({ ...shot, row: { ...shot.row, id: Number(shot.id) } })),
  'drops custom fields': eachSnapshot(shot => ({
    ...shot,
    row: Object.fromEntries(Object.entries(shot.row).filter(([name]) => !name.startsWith('x_'))),
  })),
  'invents on get': otherGet(async (get, session, ids) => {
    const found = await get(session, ids)
    return ids.map(id => found.find(shot => shot.id === id) ?? { id, version: '0', row: {} })
  }),
  'asks for nothing': otherGet(async (get, session, ids) => {
    if (ids.length === 0) await call(session, '/about', z.unknown())
    return get(session, ids)
  }),
  'tells get another version than changes': otherGet(async (get, session, ids) =>
    (await get(session, ids)).map(shot => ({ ...shot, version: `g${shot.version}` })),
  ),
  'takes what resembles for the same': eachEntity(({ match, ...entity }) => ({
    ...entity,
    ...(match && {
      match: (session, keys) =>
        Promise.all(
          keys.map(async ({ sku }) =>
            sku === undefined
              ? []
              : call(
                  session,
                  `/products?search=${encodeURIComponent(sku)}`,
                  z.array(z.object({ id: z.string() }).transform(({ id }) => ({ id, by: 'SKU' }))),
                ),
          ),
        ),
    }),
  })),
  'takes a web page for a file': eachEntity(({ file, ...entity }) => ({
    ...entity,
    ...(file && {
      file: async (session, id) => {
        const real = await file(session, id)
        return real && { ...real, bytes: Buffer.from('<html>Please sign in</html>') }
      },
    }),
  })),
  'reckons in floats': both(
    eachSnapshot(shot => ({
      ...shot,
      row: Object.fromEntries(
        Object.entries(shot.row).map(([name, value]) => [
          name,
          /^(sum.*|tax_rate)$/.test(name) ? Number(value) : value,
        ]),
      ),
    })),
    eachEntity(entity => ({ ...entity, schema: z.looseObject({}) })),
  ),
}
