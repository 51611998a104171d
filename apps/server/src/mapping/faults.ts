import { checkMapping, mappingSchema, type OwnMapping } from '@linchpin/mapping'
import { Refusal } from '../http/problem.ts'
import type { Linchpin } from '../linchpin.ts'
import { layered, sitesOf, type Site } from './site.ts'

interface Fault {
  readonly field: string
  readonly words: string
}

/** What was handed in, as a mapping; or what is wrong with it, place by place. */
export function readOwn(
  site: Site,
  given: unknown,
):
  | { readonly own: OwnMapping; readonly faults: readonly Fault[] }
  | { readonly own: null; readonly faults: readonly Fault[] } {
  const parsed = mappingSchema.safeParse(given)
  if (!parsed.success) return { own: null, faults: parsed.error.issues.map(faultOf) }
  const faults = checkMapping(layered(site, parsed.data), site.source, site.target)
  return {
    own: parsed.data,
    faults: faults.map(({ field, words }) => ({ field, words: withoutField(field, words) })),
  }
}

/** For those who save it. */
export function soundOwn(site: Site, given: unknown): OwnMapping {
  const { own, faults } = readOwn(site, given)
  if (own !== null && faults.length === 0) return own
  const words = faults.map(fault => `${fault.field}: ${fault.words}`)
  throw new Refusal(400, 'bad-mapping', `The mapping was not saved. ${words.join(' ')}`)
}

/** 'fields.lines[].sku.lookup' is about the field lines[].sku. */
function faultOf({
  path,
  message,
}: {
  readonly path: readonly PropertyKey[]
  readonly message: string
}): Fault {
  return { field: String(path[1] ?? path[0] ?? ''), words: message }
}

const withoutField = (field: string, words: string) =>
  words.startsWith(`field ${field}: `) ? words.slice(`field ${field}: `.length) : words

/** What people saved and no longer fits: a connector has changed since. Its records will be parked. */
export function liveFaults({ setup }: Linchpin): readonly string[] {
  return sitesOf(setup).flatMap(site => {
    const live = setup.live.own(site.name)
    const faults = live === null ? [] : readOwn(site, live.mapping).faults
    return faults.map(
      ({ field, words }) => `Mapping ${site.name}, version ${live?.version}, ${field}: ${words}`,
    )
  })
}
