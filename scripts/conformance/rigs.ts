import { existsSync, readdirSync } from 'node:fs'
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { MakeRig } from '@linchpin/connector/conformance'

export interface Rigs {
  /** What the rigs drive. A connector with several look-alikes names them itself, as `against`. */
  readonly against: string
  readonly rigs: Readonly<Record<string, MakeRig>>
}

export function connectorIds(): readonly string[] {
  const folders = readdirSync('connectors', { withFileTypes: true }).filter(entry => entry.isDirectory())
  return folders.map(({ name }) => name).toSorted()
}

export async function rigsOf(id: string): Promise<Rigs> {
  const file = resolve(`connectors/${id}/src/rigs.ts`)
  if (!existsSync(file))
    throw new Error(`There is no connectors/${id}/src/rigs.ts; there every rig is exported.`)
  return { against: 'look-alike', ...((await import(pathToFileURL(file).href)) as Pick<Rigs, 'rigs'>) }
}

/** The entity that a rig drives. To ask for it needs no time and no remote. */
export const entityOf = (rig: MakeRig): string => rig(() => 0).entity
