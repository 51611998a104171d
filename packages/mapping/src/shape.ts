import { z } from 'zod'
import type { Step } from './path.ts'

/**
 * What may stand at one place of a record, as JSON Schema: several where the schema leaves a choice, `any` where it
 * says nothing.
 */
export type Shape = readonly Part[] | 'any'
export type Kind = 'text' | 'number' | 'boolean' | 'list' | 'object'

export interface Part {
  readonly schema: Schema
  readonly defs: Readonly<Record<string, Schema>>
  readonly root: Schema
}
interface Schema {
  readonly type?: string | readonly string[]
  readonly properties?: Readonly<Record<string, Schema>>
  readonly required?: readonly string[]
  readonly additionalProperties?: boolean | Schema
  readonly items?: boolean | Schema
  readonly prefixItems?: readonly Schema[]
  readonly anyOf?: readonly Schema[]
  readonly oneOf?: readonly Schema[]
  readonly allOf?: readonly Schema[]
  readonly enum?: readonly unknown[]
  readonly const?: unknown
  readonly $ref?: string
  readonly $defs?: Readonly<Record<string, Schema>>
}

/** `input` is what a schema takes, `output` what it hands on. What JSON cannot show (a date, a function) is any. */
export function shapeOf(schema: z.ZodType, io: 'input' | 'output'): Shape {
  const root = z.toJSONSchema(schema, { io, unrepresentable: 'any' }) as Schema
  return choices({ schema: root, defs: root.$defs ?? {}, root })
}

/** The shape one step further; `declared` is false where only an open object lets the name pass. */
export interface Found {
  readonly shape: Shape
  readonly declared: boolean
}

/** Undefined when nothing can be there. */
export function stepInto(shape: Shape, step: Step): Found | undefined {
  if (shape === 'any') return { shape, declared: true }
  const found = shape.flatMap(part => intoPart(part, step))
  if (found.length === 0) return undefined
  return { shape: union(found.map(each => each.shape)), declared: found.some(each => each.declared) }
}

export function union(shapes: readonly Shape[]): Shape {
  return shapes.some(shape => shape === 'any')
    ? 'any'
    : shapes.flatMap(shape => (shape === 'any' ? [] : shape))
}

/** What the items of a list look like. */
export function itemsOf(shape: Shape): Shape | undefined {
  return stepInto(shape, 1_000_000)?.shape
}

export function namesIn(shape: Shape): readonly string[] {
  return shape === 'any' ? [] : shape.flatMap(({ schema }) => Object.keys(schema.properties ?? {}))
}

/** The names that must be there. Where there is a choice nothing is sure. */
export function requiredIn(shape: Shape): readonly string[] {
  return shape !== 'any' && shape.length === 1 ? (shape[0]?.schema.required ?? []) : []
}

/** Undefined when it may be anything. */
export function kindsOf(shape: Shape): ReadonlySet<Kind> | undefined {
  if (shape === 'any') return undefined
  const kinds = shape.map(({ schema }) => kindsOfSchema(schema))
  return kinds.includes(undefined) ? undefined : new Set(kinds.flatMap(each => each ?? []))
}

/** The values that are allowed, when they can be counted. */
export function valuesOf(shape: Shape): readonly unknown[] | undefined {
  if (shape === 'any' || shape.length === 0) return undefined
  const values = shape.map(({ schema }) => schema.enum ?? ('const' in schema ? [schema.const] : undefined))
  return values.includes(undefined) ? undefined : values.flatMap(each => each ?? [])
}

function intoPart(part: Part, step: Step): readonly Found[] {
  if (typeof step === 'string') return intoObject(part, step)
  const { items, prefixItems } = part.schema
  if (!isKind(part.schema, 'array')) return []
  const prefixed = typeof step === 'number' ? prefixItems?.[step] : undefined
  if (prefixed) return [{ shape: below(part, prefixed), declared: true }]
  const shape = open(part, items ?? true)
  if (shape === undefined) return []
  return typeof step === 'number' || stepInto(shape, step.key) ? [{ shape, declared: true }] : []
}

function intoObject(part: Part, name: string): readonly Found[] {
  const { properties = {}, additionalProperties } = part.schema
  const own = Object.hasOwn(properties, name) ? properties[name] : undefined
  if (own) return [{ shape: below(part, own), declared: true }]
  if (!isKind(part.schema, 'object')) return []
  // A record of anything declares no name, so each is as good as declared.
  const shape = open(part, additionalProperties ?? false)
  return shape === undefined ? [] : [{ shape, declared: Object.keys(properties).length === 0 }]
}

function open(part: Part, schema: boolean | Schema): Shape | undefined {
  if (schema === false) return undefined
  return schema === true ? 'any' : below(part, schema)
}

function below(part: Part, schema: Schema): Shape {
  return choices({ ...part, schema })
}

function choices(part: Part): Shape {
  const { schema } = part
  if (schema.$ref !== undefined) return referred(part, schema.$ref)
  const inner = schema.anyOf ?? schema.oneOf ?? schema.allOf
  if (inner) return union(inner.map(each => below(part, each)))
  if (schema.type === 'null') return []
  const says = schema.type ?? schema.properties ?? schema.enum ?? ('const' in schema ? true : undefined)
  return says === undefined ? 'any' : [part]
}

function referred(part: Part, reference: string): Shape {
  if (reference === '#') return below(part, part.root)
  const target = part.defs[reference.replace('#/$defs/', '')]
  // z.json() refers to itself without end: it is anything.
  return target === undefined || isRecursive(target, reference) ? 'any' : below(part, target)
}

function isRecursive(schema: Schema, reference: string): boolean {
  return (schema.anyOf ?? []).some(({ items, additionalProperties, $ref }) =>
    [items, additionalProperties, { $ref }].some(each => typeof each === 'object' && each.$ref === reference),
  )
}

function isKind(schema: Schema, type: string): boolean {
  return schema.type === type || (Array.isArray(schema.type) && schema.type.includes(type))
}

const KINDS: Readonly<Record<string, Kind>> = {
  string: 'text',
  number: 'number',
  integer: 'number',
  boolean: 'boolean',
  array: 'list',
  object: 'object',
}

function kindsOfSchema(schema: Schema): readonly Kind[] | undefined {
  const values = schema.enum ?? ('const' in schema ? [schema.const] : [])
  if (schema.type === undefined && values.length > 0) return values.flatMap(value => kindOf(value) ?? [])
  const types = [schema.type ?? []].flat()
  return types.length === 0 ? undefined : types.flatMap(type => KINDS[type] ?? [])
}

/** Undefined for nothing. */
export function kindOf(value: unknown): Kind | undefined {
  if (value === null || value === undefined) return undefined
  if (Array.isArray(value)) return 'list'
  return KINDS[typeof value]
}
