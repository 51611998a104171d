import assert from 'node:assert/strict'
import type { RawRequest } from '../connector.ts'
import type { Draft } from './needs.ts'
import type { Rig } from './rig.ts'
import { withSecrets } from './secrets.ts'

export const webhook: readonly Draft[] = [
  {
    name: 'a genuine webhook is believed',
    needs: ['webhook'],
    body: async ({ rig }) => assert.equal(believed(rig, {}), true),
  },
  {
    name: 'a forged, altered or unsigned webhook is not believed, and never throws',
    needs: ['webhook'],
    body: async ({ rig }) => {
      const { genuine, header, signature } = partsOf(rig)
      const body = Uint8Array.from(genuine.body, (byte, index) => (index === 0 ? byte ^ 1 : byte))
      assert.equal(believed(rig, { body }), false, 'An altered body was believed.')
      assert.equal(believed(rig, { body: new Uint8Array() }), false, 'An empty body was believed.')
      assert.equal(believed(rig, { headers: without(genuine, header) }), false, 'No signature was believed.')
      for (const forged of ['', 'x', signature.slice(1), `${signature}A`, '😈', 'x'.repeat(100_000)]) {
        const headers = { ...genuine.headers, [header]: forged }
        assert.equal(
          believed(rig, { headers }),
          false,
          `The signature '${forged.slice(0, 80)}' was believed.`,
        )
      }
    },
  },
  {
    name: 'a webhook is not believed when no secret is configured',
    needs: ['webhook'],
    body: async ({ rig }) => {
      const { genuine, header } = partsOf(rig)
      const settings = withSecrets(rig.connector.settings, rig.settings, () => '')
      assert.equal(rig.connector.webhook?.verify(settings, genuine), false)
      const unsigned = { ...genuine, headers: without(genuine, header) }
      assert.equal(rig.connector.webhook?.verify(settings, unsigned), false)
      // An empty secret signs as well as any other: everyone knows it.
      const signedByNone = rig.webhook?.signedBy('')
      assert.ok(signedByNone, 'The rig has no webhook.signedBy.')
      assert.equal(
        rig.connector.webhook?.verify(settings, signedByNone),
        false,
        'What was signed by an empty secret was believed.',
      )
    },
  },
  {
    name: 'a webhook is not believed by a connection that has another secret',
    needs: ['webhook'],
    body: async ({ rig }) => {
      const { genuine } = partsOf(rig)
      const settings = withSecrets(rig.connector.settings, rig.settings, given => 'x'.repeat(given.length))
      assert.equal(rig.connector.webhook?.verify(settings, genuine), false)
    },
  },
  {
    name: 'the same webhook says the same each time, and names records of ours',
    needs: ['webhook'],
    body: async ({ rig }) => {
      const { genuine } = partsOf(rig)
      const first = rig.connector.webhook?.parse(genuine) ?? []
      assert.deepEqual(rig.connector.webhook?.parse(genuine), first)
      assert.ok(first.length > 0, 'A genuine webhook about this entity says nothing.')
      for (const { entity, id } of first) {
        assert.ok(rig.connector.entities[entity], `It names ${entity}, which the connector does not have.`)
        assert.ok(typeof id === 'string' && id !== '', 'It names a record by something that is no id.')
      }
      if (rig.webhook?.notifies) assert.deepEqual(first, rig.webhook.notifies)
    },
  },
  {
    name: 'a webhook about something else says nothing',
    needs: ['webhook', 'otherTopic'],
    body: async ({ rig }) => {
      const { other } = rig.webhook ?? {}
      assert.ok(other)
      assert.deepEqual(rig.connector.webhook?.parse(other), [])
    },
  },
  {
    name: 'a webhook that cannot be read says nothing, and never throws',
    needs: ['webhook'],
    body: async ({ rig }) => {
      const { genuine } = partsOf(rig)
      // WooCommerce greets a new webhook with the form text 'webhook_id=7'; proxies send empty ones.
      for (const text of ['', 'webhook_id=7', '{', 'null', '[]', '7', '{"id":null}']) {
        const parsed = rig.connector.webhook?.parse({ ...genuine, body: Buffer.from(text) })
        assert.deepEqual(parsed, [], `It read something out of '${text}'.`)
      }
    },
  },
  {
    name: 'subscribing repairs what is missing, and nothing the second time',
    needs: ['subscribe'],
    body: async ({ rig, session }) => {
      const url = 'https://linchpin.example.com/webhooks/conformance'
      const repaired = (await rig.connector.webhook?.subscribe?.(session, url)) ?? []
      assert.ok(repaired.length > 0, 'Nothing was subscribed to, and it does not say so.')
      assert.deepEqual(await rig.connector.webhook?.subscribe?.(session, url), [])
    },
  },
]

function believed(rig: Rig, change: Partial<RawRequest>): boolean | undefined {
  return rig.connector.webhook?.verify(rig.settings, { ...partsOf(rig).genuine, ...change })
}

function partsOf(rig: Rig) {
  assert.ok(rig.webhook)
  const { genuine, signatureHeader: header } = rig.webhook
  return { genuine, header, signature: genuine.headers[header] ?? '' }
}

function without({ headers }: RawRequest, name: string): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).filter(([each]) => each !== name))
}
