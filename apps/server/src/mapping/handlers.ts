import type { MappingDetail, MappingHead } from '@linchpin/api'
import { inWords, placesIn, type OwnMapping } from '@linchpin/mapping'
import type { Handlers } from '../http/handlers.ts'
import { Refusal } from '../http/problem.ts'
import { iso } from '../http/status.ts'
import type { Linchpin } from '../linchpin.ts'
import { differenceAnswer } from './difference.ts'
import { soundOwn } from './faults.ts'
import { mendedAnswer } from './mended.ts'
import { headOf, previewAnswer } from './preview.ts'
import { layered, liveOwn, namedSite, sitesOf, type Site } from './site.ts'
import { recordsFor } from './try.ts'
import { valuesAnswer } from './values.ts'

type MappingHandlers = Pick<
  Handlers,
  | 'mappings'
  | 'mapping'
  | 'mappingRecords'
  | 'previewMapping'
  | 'compareMapping'
  | 'saveMapping'
  | 'liveMapping'
  | 'mended'
  | 'seenValues'
>

/** What the routes of mappings do. */
export function mappingHandlers(linchpin: () => Linchpin): MappingHandlers {
  const site = (name: string) => namedSite(linchpin().setup, name)
  return {
    mappings: async () => ({
      mappings: sitesOf(linchpin().setup).map(each => mappingHead(linchpin(), each)),
    }),
    mapping: ({ name }) => detailAnswer(linchpin(), site(name)),
    mappingRecords: async ({ name, limit }) => ({
      records: (await recordsFor(linchpin(), site(name), { limit })).map(headOf),
    }),
    previewMapping: ({ name, ...asked }) => previewAnswer(linchpin(), site(name), asked),
    compareMapping: async ({ name, version, mapping, limit }) =>
      differenceAnswer(
        linchpin(),
        site(name),
        mapping ?? (await ownOf(linchpin(), site(name), version)),
        limit,
      ),
    saveMapping: async ({ name, mapping, over, who, why }) => {
      const own = soundOwn(site(name), mapping)
      const { desk, now, changes } = linchpin()
      const version = await desk.saveMapping({ name, own, over, who, why }, now())
      await changes.refresh()
      return { version: version ?? tooLate(linchpin(), name) }
    },
    liveMapping: async ({ name, version, over, who, why }) => {
      const { desk, now, changes } = linchpin()
      soundOwn(site(name), await ownOf(linchpin(), site(name), version))
      const done = await desk.goLive({ name, version, over, who, why }, now())
      await changes.refresh()
      return { version: done ? version : tooLate(linchpin(), name) }
    },
    mended: ({ name }) => mendedAnswer(linchpin(), site(name)),
    seenValues: ({ name }, call) =>
      valuesAnswer(linchpin(), site(name), call?.actor.rights.includes('reveal') === true),
  }
}

function tooLate({ changes }: Linchpin, name: string): never {
  const said = changes.saidOf(name)
  throw new Refusal(
    409,
    'changed-meanwhile',
    `${said?.who ?? 'Somebody'} made version ${said?.version ?? 0} of ${name} live meanwhile. Look at it, then save yours again.`,
  )
}

/** What was saved as a version; without one, what is live. */
async function ownOf(
  { desk, setup }: Linchpin,
  site: Site,
  version: number | undefined,
): Promise<OwnMapping> {
  if (version === undefined) return liveOwn(setup, site)
  if (version === 0) return site.configured
  const found = (await desk.mappingVersions(site.name)).find(each => each.version === version)
  if (found) return found.own as OwnMapping
  throw new Refusal(404, 'no-version', `There is no version ${version} of ${site.name}.`)
}

const CONFIGURED = { version: 0, at: null, who: 'the configuration', why: '' }

function mappingHead({ setup, changes }: Linchpin, site: Site): MappingHead {
  const { name, does, entity, from, to } = site
  const said = changes.saidOf(name)
  const own = liveOwn(setup, site)
  return {
    name,
    does,
    entity,
    from,
    to,
    live: said ? { version: said.version, at: iso(said.at), who: said.who, why: said.why } : CONFIGURED,
    own: Object.keys(own.fields ?? {}).length + Object.keys(own.tables ?? {}).length,
  }
}

async function detailAnswer(linchpin: Linchpin, site: Site): Promise<MappingDetail> {
  const own = liveOwn(linchpin.setup, site)
  const versions = await linchpin.desk.mappingVersions(site.name)
  return {
    ...mappingHead(linchpin, site),
    mapping: shape(own),
    base: Object.entries(site.base.fields).map(([field, expression]) => ({
      field,
      words: inWords(expression),
      expression,
    })),
    tables: Object.fromEntries(
      Object.entries(layered(site, own).tables ?? {}).map(([name, rows]) => [name, { ...rows }]),
    ),
    source: placesIn(site.source, 'output').map(copied),
    target: placesIn(site.target, 'input').map(copied),
    versions: [
      ...versions.map(({ version, at, who, why, own: mapping }) => ({
        version,
        at: iso(at),
        who,
        why,
        mapping: shape(mapping as OwnMapping),
      })),
      { ...CONFIGURED, mapping: shape(site.configured) },
    ],
  }
}

const copied = (place: ReturnType<typeof placesIn>[number]) => ({
  ...place,
  kinds: [...place.kinds],
  values: [...place.values],
})

function shape({ fields, tables }: OwnMapping): MappingDetail['mapping'] {
  return {
    ...(fields ? { fields: { ...fields } } : {}),
    ...(tables
      ? {
          tables: Object.fromEntries(
            Object.entries(tables).map(([name, rows]) => [name, rows && { ...rows }]),
          ),
        }
      : {}),
  }
}
