import { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'

/** A package that the benchmark installed for itself. The project neither has it nor its types. */
export async function peer<Module>(name: string): Promise<Module> {
  const require = createRequire(new URL('../peers/libraries/package.json', import.meta.url))
  return (await import(pathToFileURL(require.resolve(name)).href)) as Module
}
