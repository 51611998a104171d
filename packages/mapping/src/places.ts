import type { z } from 'zod'
import { itemsOf, kindsOf, namesIn, requiredIn, shapeOf, stepInto, valuesOf, type Shape } from './shape.ts'

/** A place in a record, to be shown as a branch of a tree: 'totals.net', 'lines[].sku'. */
export interface Place {
  readonly path: string
  /** 'text', 'number', 'boolean', 'list', 'object'; empty where it may be anything. */
  readonly kinds: readonly string[]
  readonly required: boolean
  /** What may stand there, where that can be counted. */
  readonly values: readonly unknown[]
}

const DEEPEST = 5
const MOST = 600

/** All places of a schema that have a name, in its order; `input` is what it takes, `output` what it hands on. */
export function placesIn(schema: z.ZodType, io: 'input' | 'output'): readonly Place[] {
  const places: Place[] = []
  walk(shapeOf(schema, io), '', 0, places)
  return places
}

function walk(shape: Shape, under: string, depth: number, places: Place[]): void {
  if (depth === DEEPEST) return
  const required = new Set(requiredIn(shape))
  for (const name of new Set(namesIn(shape))) {
    const found = stepInto(shape, name)
    if (!found || places.length === MOST) continue
    const path = under === '' ? nameAt(name) : `${under}.${nameAt(name)}`
    const kinds = [...(kindsOf(found.shape) ?? [])]
    places.push({ path, kinds, required: required.has(name), values: valuesOf(found.shape) ?? [] })
    walk(found.shape, path, depth + 1, places)
    const items = kinds.includes('list') ? itemsOf(found.shape) : undefined
    if (items) walk(items, `${path}[]`, depth + 1, places)
  }
}

/** As a path writes it. */
const nameAt = (name: string) => (/^[\w-]+$/.test(name) ? name : `[${JSON.stringify(name)}]`)
