import { createHmac } from 'node:crypto'
import { sameBytes, type Connector, type RawRequest, type Webhook } from '@linchpin/connector'
import { z } from 'zod'
import { call, type Session } from '../client.ts'
import type { Settings } from '../settings.ts'
import type { Flaw, Flaws } from './change.ts'

type OurWebhook = Webhook<Settings, Session>

const other =
  (change: (webhook: OurWebhook) => Partial<OurWebhook>): Flaw =>
  (connector): Connector => {
    const webhook = connector.webhook as OurWebhook | undefined
    return webhook ? { ...connector, webhook: { ...webhook, ...change(webhook) } } : connector
  }
const signatureOf = (request: RawRequest) => request.headers['x-memory-signature'] ?? ''
const saidBy = (request: RawRequest) =>
  JSON.parse(Buffer.from(request.body).toString()) as { about: string; id: string }
let deliveries = 0

export const webhookFlaws: Flaws = {
  'believes everyone': other(() => ({ verify: () => true })),
  'believes nobody': other(() => ({ verify: () => false })),
  'believes when nothing is configured': other(({ verify }) => ({
    verify: (settings, request) => settings.webhookSecret === '' || verify(settings, request),
  })),
  'believes what an empty secret signed': other(({ verify }) => ({
    verify: (settings, request) =>
      verify(settings, request) ||
      (settings.webhookSecret === '' &&
        signatureOf(request) === createHmac('sha256', '').update(request.body).digest('base64')),
  })),
  'believes what was signed by any secret of ours': other(({ verify }) => ({
    verify: (settings, request) =>
      settings.webhookSecret !== '' && verify({ ...settings, webhookSecret: 'hook-c4n4ry' }, request),
  })),
  'decodes signatures leniently': other(() => ({
    verify: ({ webhookSecret }, request) =>
      webhookSecret !== '' &&
      sameBytes(
        createHmac('sha256', webhookSecret).update(request.body).digest(),
        Buffer.from(signatureOf(request), 'base64'),
      ),
  })),
  'throws on a short signature': other(({ verify }) => ({
    verify: (settings, request) => {
      if (signatureOf(request).length < 44) throw new RangeError('lengths differ')
      return verify(settings, request)
    },
  })),
  'counts deliveries': other(({ parse }) => ({
    parse: request => parse(request).map(said => ({ ...said, id: `${said.id}-${(deliveries += 1)}` })),
  })),
  'hears every topic': other(({ parse }) => ({
    parse: request => {
      const said = parse(request)
      if (said.length > 0 || !Buffer.from(request.body).toString().includes('"about"')) return said
      return [{ entity: 'Product', id: saidBy(request).id }]
    },
  })),
  'chokes on what is no JSON': other(({ parse }) => ({
    parse: request => (saidBy(request).about === '' ? [] : parse(request)),
  })),
  'subscribes every time': other(() => ({
    subscribe: async (session, url) => {
      await call(session, '/hooks', z.object({}), { method: 'POST', body: { url } })
      return ['Subscribed.']
    },
  })),
}
