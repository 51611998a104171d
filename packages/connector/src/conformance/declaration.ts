import assert from 'node:assert/strict'
import { isEntityName } from '@linchpin/model'
import type { Draft } from './needs.ts'
import { secretNames } from './secrets.ts'

export const declaration: readonly Draft[] = [
  {
    name: 'the id is one lower-case word, so that it can name a folder and a setting',
    needs: [],
    body: async ({ rig }) => {
      assert.match(rig.connector.id, /^[a-z][a-z0-9-]*$/)
      assert.ok(rig.connector.title.trim() !== '', 'The connector has no title.')
    },
  },
  {
    name: 'each entity has the name of one in the model',
    needs: [],
    body: async ({ rig }) => {
      const strange = Object.keys(rig.connector.entities).filter(name => !isEntityName(name))
      assert.deepEqual(strange, [])
    },
  },
  {
    name: 'the settings are checked, and the secret among them is marked as one',
    needs: [],
    body: async ({ rig }) => {
      const { settings } = rig.connector
      assert.ok(settings.safeParse(rig.settings).success, 'The settings of the rig are refused.')
      assert.ok(!settings.safeParse('nonsense').success, 'A text was taken for settings.')
      const holder = Object.entries(rig.settings ?? {}).find(([, value]) => value === rig.secret)?.[0]
      assert.ok(holder, 'The rig names a secret that its settings do not hold.')
      assert.ok(secretNames(settings).has(holder), `\`${holder}\` lacks .meta({ secret: true }).`)
    },
  },
  {
    name: 'the declared limits can be kept',
    needs: [],
    body: async ({ rig, writer }) => {
      const { requests, perMs, atOnce } = rig.connector.limits
      for (const [name, value] of Object.entries({ requests, perMs, atOnce, batch: writer?.batch ?? 1 }))
        assert.ok(Number.isInteger(value) && value >= 1, `${name} is ${value}, not a whole number from 1 on.`)
      const settleMs = writer?.repeat === 'find' ? writer.settleMs : 0
      assert.ok(Number.isFinite(settleMs) && settleMs >= 0, `settleMs is ${settleMs}, not a time.`)
    },
  },
]
