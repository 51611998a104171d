import { applyMapping, type Applied, type CompiledMapping, type LinkRequest } from '@linchpin/mapping'
import type { Canonical } from '@linchpin/model'
import type { Delivery, Store, StoredRecord } from '@linchpin/store'
import { rowWithOwn } from './direct.ts'
import { isDirect, type Flow, type Setup } from './setup.ts'

/** Links that were looked up ahead for many deliveries at once: only those that there are. */
export type Links = ReadonlyMap<string, string>
export const NO_LINKS: Links = new Map()

/**
 * The links that a mapping asks for, looked up all at once: a first pass learns which they are. A link that is known
 * can open a branch that asks for more, so it goes on until nothing new is asked for.
 */
export async function applyWithLinks(
  mapping: CompiledMapping,
  source: unknown,
  flow: Flow,
  store: Store,
  seen: Links = NO_LINKS,
): Promise<Applied & { readonly link: (request: LinkRequest) => string | null }> {
  const known = new Map<string, string | null>(seen)
  for (;;) {
    const asked = new Map<string, LinkRequest>()
    const link = (request: LinkRequest) => {
      const key = nameOf(request)
      if (!known.has(key)) asked.set(key, request)
      return known.get(key) ?? null
    }
    const applied = applyMapping(mapping, source, { link })
    if (asked.size === 0) return { ...applied, link }
    const requests = [...asked.values()]
    const ids = await store.links(
      requests.map(({ entity, id }) => ({ entity, connection: flow.from, id, to: flow.to })),
    )
    for (const [index, request] of requests.entries()) known.set(nameOf(request), ids[index] ?? null)
  }
}

/** What a flow writes, and what that is made of. */
export function mappingOf(flow: Flow, setup: Setup): CompiledMapping {
  return isDirect(flow) ? setup.directMapping(flow) : setup.writeMapping(flow)
}
export function sourceOf(
  flow: Flow,
  { connection, entity, id, row }: StoredRecord,
  completed: Canonical,
  { live }: Setup,
): unknown {
  if (!isDirect(flow)) return completed
  return rowWithOwn(entity, live.corrected(connection, entity, id, row), completed)
}

/** The links that the mappings of these deliveries ask for first, in one look: most ask for nothing else. */
export async function linksAhead(
  deliveries: readonly Delivery[],
  flow: Flow,
  { setup, store }: { setup: Setup; store: Store },
): Promise<Links> {
  const asked = new Map<string, LinkRequest>()
  const mapping = mappingOf(flow, setup)
  if (deliveries.length < 2 || !asksForLinks(mapping)) return NO_LINKS
  const link = (request: LinkRequest) => {
    asked.set(nameOf(request), request)
    return null
  }
  for (const { record } of deliveries) {
    if (record?.canonical == null) continue
    try {
      applyMapping(mapping, sourceOf(flow, record, record.canonical as Canonical, setup), { link })
    } catch {
      // It is told when its own turn comes.
    }
  }
  const requests = [...asked.values()]
  const ids = await store.links(
    requests.map(({ entity, id }) => ({ entity, connection: flow.from, id, to: flow.to })),
  )
  return new Map(
    requests.flatMap((request, index) => {
      const id = ids[index] ?? null
      return id === null ? [] : [[nameOf(request), id] as const]
    }),
  )
}

function asksForLinks({ mapping }: CompiledMapping): boolean {
  return JSON.stringify(mapping.fields).includes('"link":')
}

const nameOf = ({ entity, id }: LinkRequest) => `${entity} ${id}`
