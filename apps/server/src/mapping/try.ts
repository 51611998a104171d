import { tryRead, tryWrite, type Trial } from '@linchpin/engine'
import { compileMapping, MappingError, type CompiledMapping, type OwnMapping } from '@linchpin/mapping'
import type { Captured } from '@linchpin/store'
import type { Linchpin } from '../linchpin.ts'
import { layered, type Site } from './site.ts'

/** A captured record under a mapping; null where the record itself could not be read. */
export async function tried(
  { setup, engine }: Linchpin,
  site: Site,
  mapping: CompiledMapping,
  record: Captured,
): Promise<Trial | null> {
  if (site.flow === null) return tryRead(mapping, site.entity, record, setup)
  return tryWrite(mapping, site.flow, record, engine.delivering)
}

/** Null where it cannot be: what is wrong was told already. */
export function compiledOwn(site: Site, own: OwnMapping): CompiledMapping | null {
  try {
    return compileMapping(layered(site, own))
  } catch (error) {
    if (error instanceof MappingError) return null
    throw error
  }
}

/** The captured records that a mapping can be tried on, those that are parked first. */
export function recordsFor(
  { desk }: Linchpin,
  { from, entity, flow }: Site,
  { ids, limit }: { readonly ids?: readonly string[]; readonly limit: number },
): Promise<readonly Captured[]> {
  return desk.captured({ connection: from, entity, flow: flow?.name ?? null, ids: ids ?? null, limit })
}
