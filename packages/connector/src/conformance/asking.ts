import assert from 'node:assert/strict'
import type { MatchKeys } from '@linchpin/mapping'
import type { Draft } from './needs.ts'
import { sorted } from './stage.ts'

/** Asking for single records. */
export const asking: readonly Draft[] = [
  {
    // As many as Linchpin asks for at once. What get leaves out counts as removed.
    name: 'get answers every one of fifty records that are asked for at once',
    needs: ['get'],
    body: async ({ atLeast, get }) => {
      const ids = (await atLeast(50)).slice(0, 50)
      assert.deepEqual(sorted((await get(ids)).map(shot => shot.id)), sorted(ids))
    },
  },
  {
    name: 'an id that is none finds nothing, and does not hide the others',
    needs: ['get'],
    body: async ({ atLeast, get }) => {
      const [id = ''] = await atLeast(2)
      const none = [`${id}x`, `x${id}`, `${id} or 1=1`, `../${id}`, `${id}?x=1`, `${id}&x=1`, '-1', '%', '😈']
      for (const odd of none) assert.deepEqual(await get([odd]), [], `'${odd}' found something.`)
      assert.deepEqual(
        (await get([...none, id])).map(shot => shot.id),
        [id],
      )
    },
  },
  {
    name: 'match leaves out what was removed',
    needs: ['match', 'keys', 'remove'],
    body: async ({ rig, entity, session, atLeast }) => {
      const [id = ''] = await atLeast(2)
      const keys = Object.entries((await rig.keys?.(id)) ?? {}).map(([name, value]): MatchKeys => ({
        [name]: value,
      }))
      await rig.remove?.(id)
      const found = (await entity.match?.(session, keys)) ?? []
      assert.ok(!found.flat().some(each => each.id === id), 'It was found, and it is removed.')
    },
  },
  {
    name: 'a record has an address of its own, for a person to open',
    needs: ['url'],
    body: async ({ entity, session, rig }) => {
      const urls = ['1', '2'].map(id => entity.url?.(session, id) ?? '')
      for (const url of urls)
        assert.ok(/^https?:/.test(url) && URL.canParse(url), `'${url}' of ${rig.entity} is no address.`)
      assert.equal(new Set(urls).size, 2, 'Two records have one address.')
    },
  },
  {
    name: 'a record that is not there has no file, which is no trouble',
    needs: ['file'],
    body: async ({ entity, session }) => assert.equal(await entity.file?.(session, '999999999'), null),
  },
]
