import { isSingle } from './compile.ts'
import type { Expression, Fields, Mapping, OwnMapping, Table } from './mapping.ts'
import { nearest } from './nearest.ts'
import { parseTarget, pathText, type Step } from './path.ts'

/** A connector's mapping with an operator's own over it. It is a mapping like any other, and remembers who wrote what. */
export interface LayeredMapping extends Mapping {
  readonly layers: {
    /** The operator's fields as the operator wrote them: 'number', 'lines[].sku'. */
    readonly own: readonly string[]
    /** The operator's fields that reach nothing. `checkMapping` tells them. */
    readonly strays: readonly Stray[]
  }
}
interface Stray {
  readonly field: string
  readonly words: string
}

/**
 * The operator's fields win, and stay as they are when the connector's change in a later version. One that fills an
 * object whole (`totals`) takes the place of the connector's fields inside it (`totals.net`); one that fills a part
 * goes into the whole.
 */
export function overlayMapping(base: Mapping, own: OwnMapping | undefined): Mapping {
  const written = Object.entries(own?.fields ?? {})
  const tables = Object.entries(own?.tables ?? {})
  if (written.length === 0 && tables.length === 0) return base
  const strays: Stray[] = []
  let fields = base.fields
  for (const [field, expression] of written) {
    const laid = lay(fields, field, expression)
    if (typeof laid === 'string') strays.push({ field, words: laid })
    else fields = laid
  }
  const layers = { own: written.map(([field]) => field), strays }
  const merged = mergeTables(base.tables ?? {}, tables)
  return {
    ...base,
    fields,
    ...(Object.keys(merged).length > 0 ? { tables: merged } : {}),
    layers,
  } as LayeredMapping
}

export type Layer = 'connector' | 'own' | 'both'

/** Who wrote a field of the mapping: `both` where the operator changed a part of it. */
export function layerOf(mapping: Mapping, field: string): Layer {
  const own = layersOf(mapping)?.own ?? []
  if (own.includes(field)) return 'own'
  return own.some(each => each.startsWith(`${field}[].`) || isPart(each, field)) ? 'both' : 'connector'
}

export function straysOf(mapping: Mapping): readonly Stray[] {
  return layersOf(mapping)?.strays ?? []
}

function layersOf(mapping: Mapping): LayeredMapping['layers'] | undefined {
  return 'layers' in mapping ? (mapping as LayeredMapping).layers : undefined
}

/** The fields with one more laid over them, or words that say why that cannot be. */
function lay(fields: Fields, field: string, expression: Expression | null): Fields | string {
  const [list, inItem] = splitAtItems(field)
  if (inItem !== undefined) return layInItems(fields, list, inItem, expression)
  const whole = Object.keys(fields).find(name => name !== field && isPart(field, name))
  const within = whole === undefined ? undefined : fields[whole]
  if (whole !== undefined && typeof within === 'object' && 'object' in within) {
    const laid = lay(within.object, restOf(field, whole), expression)
    return typeof laid === 'string' ? laid : { ...fields, [whole]: { object: laid } }
  }
  const kept = Object.fromEntries(
    Object.entries(fields).filter(([name]) => name !== field && !isPart(name, field)),
  )
  if (expression !== null) return { ...kept, [field]: expression }
  return Object.keys(kept).length < Object.keys(fields).length ? kept : nothingToTakeOut(field, fields)
}

function layInItems(
  fields: Fields,
  list: string,
  inItem: string,
  expression: Expression | null,
): Fields | string {
  const each = Object.hasOwn(fields, list) ? fields[list] : undefined
  if (typeof each !== 'object' || !('each' in each))
    return `the connector's mapping has no list ${list} made by each. Write the whole of ${list} instead.`
  if (isSingle(each.as)) return `the items of ${list} are single values, without fields.`
  const laid = lay(each.as, inItem, expression)
  return typeof laid === 'string' ? laid : { ...fields, [list]: { ...each, as: laid } }
}

function nothingToTakeOut(field: string, fields: Fields): string {
  const near = nearest(field, Object.keys(fields))
  return `it is set to null, yet the connector's mapping does not fill it${near === undefined ? '.' : `; the nearest is ${near}.`}`
}

/** 'lines[].taxes[].rate' → 'lines' and 'taxes[].rate'. */
function splitAtItems(field: string): readonly [string, string | undefined] {
  const at = field.indexOf('[].')
  return at === -1 ? [field, undefined] : [field.slice(0, at), field.slice(at + 3)]
}

/** Whether one target field stands inside another: 'totals.net' inside 'totals'. */
function isPart(inner: string, outer: string): boolean {
  const [parts, whole] = [stepsOf(inner), stepsOf(outer)]
  return (
    whole.length < parts.length &&
    whole.every((step, index) => pathText([step]) === pathText([parts[index] ?? '']))
  )
}

function restOf(inner: string, outer: string): string {
  return pathText(stepsOf(inner).slice(stepsOf(outer).length))
}

/** What is no target field is told by `checkMapping`. */
function stepsOf(field: string): readonly Step[] {
  try {
    return parseTarget(field).steps
  } catch {
    return [field]
  }
}

function mergeTables(
  base: Readonly<Record<string, Table>>,
  own: readonly (readonly [string, Table | null])[],
): Readonly<Record<string, Table>> {
  const merged = new Map(Object.entries(base))
  for (const [name, table] of own) {
    if (table === null) merged.delete(name)
    else merged.set(name, { ...merged.get(name), ...table })
  }
  return Object.fromEntries(merged)
}
