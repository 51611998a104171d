import { fileURLToPath } from 'node:url'
import type { Connector, Io, Outcome, Snapshot, Write } from '@linchpin/connector'
import { applyMapping, compileMapping, type MappingContext } from '@linchpin/mapping'
import { entities, type Canonical, type EntityName } from '@linchpin/model'

/** Where this real system is installed; git ignores it. */
export const liveFolder = (name: string): string =>
  fileURLToPath(new URL(`../../../.live/${name}`, import.meta.url))

export const logTo = (prefix: string) => (line: string) =>
  void (process.env['LIVE_LOG'] && console.log(prefix, line))

/** The world as it is. */
export const realIo: Io = {
  fetch: (url, init) => fetch(url, init),
  now: () => Date.now(),
  nonce: () => crypto.randomUUID().replaceAll('-', ''),
  log: () => undefined,
  signal: new AbortController().signal,
}

/** A connector at work, with its mappings, as the engine uses it. */
export function atWork(connector: Connector, session: unknown) {
  const entityOf = (name: EntityName) => {
    const entity = connector.entities[name]
    if (!entity) throw new Error(`${connector.title} has no ${name}.`)
    return entity
  }
  const canonical = <Name extends EntityName>(name: Name, { row }: Snapshot<unknown>): Canonical<Name> => {
    const { value } = applyMapping(compileMapping(entityOf(name).mapping), row, { link: () => null })
    return entities[name].parse(value) as Canonical<Name>
  }
  return {
    read: async <Name extends EntityName>(name: Name, id: string): Promise<Canonical<Name>> => {
      const [found] = (await entityOf(name).get?.(session, [id])) ?? []
      if (!found) throw new Error(`${name} ${id} is not there.`)
      return canonical(name, found)
    },
    /** Everything from this cursor on, and the cursor behind it. */
    sweep: async <Name extends EntityName>(name: Name, after: string | null, limit = 50) => {
      const told = new Map<string, Canonical<Name>>()
      for (let next = after; ;) {
        const page = await entityOf(name).changes?.(session, next, limit)
        if (!page) throw new Error(`${name} cannot be swept.`)
        for (const item of page.items) if ('row' in item) told.set(item.id, canonical(name, item))
        next = page.next
        if (!page.more) return { told, next }
      }
    },
    /** A canonical record, written as a flow writes it. Its links are looked up in `links`. */
    write: async (
      name: EntityName,
      record: object,
      links: Readonly<Record<string, string>> = {},
      id: string | null = null,
    ): Promise<Outcome> => {
      const { writer } = entityOf(name)
      if (!writer) throw new Error(`${name} is not written.`)
      const context: MappingContext = { link: asked => links[`${asked.entity} ${asked.id}`] ?? null }
      const { value, missing } = applyMapping(compileMapping(writer.mapping), record, context)
      if (missing.length > 0) throw new Error(`Links are missing: ${JSON.stringify(missing)}`)
      const write: Write<unknown> = {
        key: `erp/${name}/${keyOf(record)}`,
        id,
        row: writer.schema.parse(value),
      }
      const [outcome] = await writer.write(session, [write])
      if (!outcome) throw new Error('The write has no outcome.')
      return outcome
    },
  }
}

function keyOf(record: object): string {
  return 'id' in record ? String(record.id) : ''
}

export function applied(outcome: Outcome): Extract<Outcome, { is: 'applied' }> {
  if (outcome.is === 'applied') return outcome
  throw new Error(`It was ${outcome.is}: ${outcome.problem.message}`)
}
