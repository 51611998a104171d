import type { MendedDeliveries } from '@linchpin/api'
import type { Captured } from '@linchpin/store'
import type { Linchpin } from '../linchpin.ts'
import { liveOwn, type Site } from './site.ts'
import { compiledOwn, recordsFor, tried } from './try.ts'

const LOOKED = 1_000

/** What was parked because it could not be mapped, and can be by what is live now: a retry will carry it. */
export async function mendedAnswer(linchpin: Linchpin, site: Site): Promise<MendedDeliveries> {
  const compiled = compiledOwn(site, liveOwn(linchpin.setup, site))
  if (!compiled) return { mended: [] }
  const ids: string[] = []
  for (const record of await recordsFor(linchpin, site, { limit: LOOKED })) {
    if (!waitsForMapping(site, record)) continue
    const trial = await tried(linchpin, site, compiled, record)
    if (trial?.problems.length === 0) ids.push(record.id)
  }
  const flows = site.flow ? [site.flow.name] : flowsThatRead(linchpin, site)
  return { mended: ids.length === 0 ? [] : flows.map(flow => ({ flow, ids })) }
}

function waitsForMapping({ does }: Site, { parked, problem }: Captured): boolean {
  return parked === 'mapping' && (does === 'read') === (problem !== null)
}

const flowsThatRead = ({ setup }: Linchpin, { from, entity }: Site) =>
  setup.flows.filter(flow => flow.from === from && flow.entity === entity).map(({ name }) => name)
