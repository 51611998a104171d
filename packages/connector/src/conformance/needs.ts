import type { Rig } from './rig.ts'
import type { Stage } from './stage.ts'

/** A check before a rig is known. */
export interface Draft {
  readonly name: string
  readonly needs: readonly Need[]
  readonly body: (stage: Stage) => Promise<void>
}

export type Need = keyof typeof LACKS

/** Why a check that needs all this does not apply to a rig; null when it does. */
export function lackOf(rig: Rig, needs: readonly Need[]): string | null {
  for (const need of needs) {
    const lack = LACKS[need](rig)
    if (lack !== null) return lack
  }
  return null
}

export function entityOf(rig: Rig) {
  const entity = rig.connector.entities[rig.entity]
  if (!entity) throw new Error(`The rig is about ${rig.entity}, which ${rig.connector.title} does not have.`)
  return entity
}

const has = (value: unknown, lack: string) => (value === undefined ? lack : null)
const writerOf = (rig: Rig) => entityOf(rig).writer

const LACKS = {
  changes: (rig: Rig) => has(entityOf(rig).changes, 'the entity has no `changes`'),
  get: (rig: Rig) => has(entityOf(rig).get, 'the entity has no `get`'),
  read: (rig: Rig) => has(entityOf(rig).changes ?? entityOf(rig).get, 'the entity is never read'),
  match: (rig: Rig) => has(entityOf(rig).match, 'the entity has no `match`'),
  file: (rig: Rig) => has(entityOf(rig).file, 'the entity has no `file`'),
  url: (rig: Rig) => has(entityOf(rig).url, 'the entity has no `url`'),
  write: (rig: Rig) => has(writerOf(rig), 'the entity has no writer') ?? has(rig.row, 'the rig has no `row`'),
  create: (rig: Rig) =>
    LACKS.write(rig) ?? (writerOf(rig)?.updatesOnly === true ? 'the writer never creates' : null),
  safe: (rig: Rig) =>
    writerOf(rig)?.repeat === 'safe' ? null : 'the writer does not say that it is safe to repeat',
  find: (rig: Rig) => (writerOf(rig)?.repeat === 'find' ? null : 'the writer has no `find`'),
  settles: (rig: Rig) =>
    writerOf(rig)?.repeat === 'ask' ? 'only a person can tell whether a create arrived' : null,
  severalAtOnce: (rig: Rig) => ((writerOf(rig)?.batch ?? 0) > 1 ? null : 'the writer takes one write a call'),
  gone: (rig: Rig) =>
    rig.reports?.gone === false
      ? 'the remote does not tell of removed records'
      : has(rig.remove, 'the rig has no `remove`'),
  again: (rig: Rig) => (rig.reports?.again === false ? 'the remote tells each record once' : null),
  acknowledge: (rig: Rig) =>
    has(entityOf(rig).acknowledge, 'the entity has no `acknowledge`') ??
    has(rig.acknowledged, 'the rig has no `acknowledged`'),
  account: (rig: Rig) => (rig.entity === 'Account' ? null : 'the entity is no person and no company'),
  remove: (rig: Rig) => has(rig.remove, 'the rig has no `remove`'),
  touch: (rig: Rig) => has(rig.touch, 'the rig has no `touch`'),
  late: (rig: Rig) => has(rig.late, 'the rig has no `late`'),
  addField: (rig: Rig) => has(rig.addField, 'the rig has no `addField`'),
  keys: (rig: Rig) => has(rig.keys, 'the rig has no `keys`'),
  withFile: (rig: Rig) => has(rig.withFile, 'the rig has no `withFile`'),
  rowWithoutText: (rig: Rig) => has(rig.rowWithoutText, 'the rig has no `rowWithoutText`'),
  badRow: (rig: Rig) => has(rig.badRow, 'the rig has no `badRow`'),
  textOf: (rig: Rig) => has(rig.textOf, 'the rig has no `textOf`'),
  textUpdates: (rig: Rig) =>
    rig.updates?.text === false ? 'an update never changes the text of a record' : null,
  canonical: (rig: Rig) => has(rig.canonical, 'the rig has no `canonical`'),
  survives: (rig: Rig) => has(rig.canonical?.survives, 'the rig has no `canonical.survives`'),
  webhook: (rig: Rig) =>
    has(rig.connector.webhook, 'the connector has no webhook') ??
    has(rig.webhook, 'the rig has no `webhook`'),
  subscribe: (rig: Rig) =>
    has(rig.connector.webhook?.subscribe, 'the connector does not subscribe to webhooks'),
  otherTopic: (rig: Rig) => has(rig.webhook?.other, 'the rig has no `webhook.other`'),
}
