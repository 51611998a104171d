import type { Io } from '@linchpin/connector'
import { makeLab, type Lab, type MakeRig, type Rig } from '@linchpin/connector/conformance'
import { fetchFrom } from '@linchpin/lookalike'
import { applyMapping, compileMapping, type LinkRequest } from '@linchpin/mapping'
import { entities, type Canonical, type EntityName } from '@linchpin/model'
import type { Session } from './client.ts'
import { fakeOdoo, type FakeOdoo } from './fake/index.ts'
import { odoo } from './odoo.ts'
import { settings as settingsSchema, type Settings } from './settings.ts'

/** What the tests of this folder stand on: a look-alike with its demo data, and the connector signed in to it. */
export interface World {
  readonly fake: FakeOdoo
  readonly lab: Lab
  readonly session: Session
  readonly settings: Settings
  /** The canonical form of records as they are now. */
  readonly read: <Name extends EntityName>(name: Name, id: string) => Promise<Canonical<Name>>
  /** Writes a canonical record through the writer's mapping; its links are found by `match`, or made. */
  readonly write: (name: EntityName, record: object, how?: { key?: string; id?: string }) => Promise<Outcome>
}
type Outcome = Awaited<
  ReturnType<NonNullable<NonNullable<(typeof odoo.entities)['SalesOrder']>['writer']>['write']>
>[number]

export type Version = 17 | 19
export const versions: readonly Version[] = [17, 19]
export const start = Date.UTC(2030, 0, 1)

export async function makeWorld(version: Version = 19, more: Partial<Settings> = {}): Promise<World> {
  const clock = { now: start }
  const fake = fakeOdoo({ now: () => clock.now, version })
  fake.seedDemo()
  const settings = settingsFor(fake, more)
  const lab = makeLab(fetchFrom(fake.handler), clock)
  const session = await odoo.open(settings, lab as Io)
  const world: World = {
    fake,
    lab,
    session,
    settings,
    read: async (name, id) => {
      const entity = odoo.entities[name]
      const [shot] = (await entity?.get?.(session, [id])) ?? []
      if (!entity || !shot) throw new Error(`there is no ${name} ${id}`)
      const { value } = applyMapping(compileMapping(entity.mapping), entity.schema.parse(shot.row), {
        link: () => null,
      })
      return entities[name].parse(value) as Canonical<typeof name>
    },
    write: async (name, record, { key = `shop/${name}/1001`, id } = {}) => {
      const writer = odoo.entities[name]?.writer
      if (!writer) throw new Error(`${name} has no writer`)
      const { value, missing } = applyMapping(compileMapping(writer.mapping), record, {
        link: request => linkIn(fake, request),
      })
      if (missing.length > 0) throw new Error(`no link for ${JSON.stringify(missing)}`)
      const [outcome] = await writer.write(session, [
        { key, id: id ?? null, row: writer.schema.parse(value) },
      ])
      if (!outcome) throw new Error('no outcome')
      return outcome
    },
  }
  return world
}

function settingsFor(fake: FakeOdoo, more: Partial<Settings> = {}): Settings {
  const { database, login, apiKey } = fake.access
  return settingsSchema.parse({ url: 'http://odoo.test', database, login, apiKey, ...more })
}

/** As the engine's links would be: products by SKU, accounts by e-mail; the id itself otherwise. */
function linkIn(fake: FakeOdoo, { entity, id, by }: LinkRequest): string | null {
  const model = entity === 'Product' ? 'product.product' : 'res.partner'
  const [field, wanted] = by.sku ? ['default_code', by.sku] : ['email', by.email]
  const found = fake.orm.all(model).find(row => wanted !== undefined && row[field] === wanted)
  return found ? String(found.id) : /^\d+$/.test(id) ? id : null
}

/** A rig over a fresh look-alike; what an entity needs more is added by its own test. */
export function rigFor(
  version: Version,
  entity: EntityName,
  parts: (fake: FakeOdoo) => Omit<Rig, 'connector' | 'settings' | 'secret' | 'entity' | 'remote'>,
  more: Partial<Settings> = {},
): MakeRig {
  return now => {
    const fake = fakeOdoo({ now, version })
    return {
      connector: odoo,
      settings: settingsFor(fake, more),
      secret: fake.access.apiKey,
      entity,
      remote: fetchFrom(fake.handler),
      reports: { gone: false },
      ...parts(fake),
    }
  }
}

/** Records made over the last days, an hour apart, or all in one moment. */
export function seedOver(
  fake: FakeOdoo,
  count: number,
  sameInstant: boolean | undefined,
  make: (index: number) => void,
): void {
  for (let index = 0; index < count; index += 1)
    fake.at(sameInstant ? 0 : (index - count) * 3_600_000, () => make(index))
}
