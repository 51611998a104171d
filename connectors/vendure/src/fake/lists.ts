import { z } from 'zod'
import { Failure } from './failure.ts'

const operators = z.looseObject({
  eq: z.unknown().optional(),
  notEq: z.unknown().optional(),
  in: z.array(z.string()).optional(),
  notIn: z.array(z.string()).optional(),
  after: z.iso.datetime().optional(),
  before: z.iso.datetime().optional(),
  isNull: z.boolean().optional(),
})

const listOptions = z.object({
  filter: z.record(z.string(), operators).default({}),
  sort: z.record(z.string(), z.enum(['ASC', 'DESC'])).default({}),
  take: z.int().default(1000),
})

type Item = Readonly<Record<string, unknown>> & { readonly id: string }

/** A list query, as Vendure's ListQueryBuilder answers it. */
export function list(
  items: readonly Item[],
  options: unknown,
): { items: readonly Item[]; totalItems: number } {
  const given = listOptions.safeParse(options ?? {})
  if (!given.success) throw new Failure('GRAPHQL_VALIDATION_FAILED', given.error.message)
  const { filter, sort, take } = given.data
  if (take > 1000)
    throw new Failure('USER_INPUT_ERROR', 'Cannot take more than 1000 results from a list query')
  const found = items.filter(item =>
    Object.entries(filter).every(([field, wanted]) => passes(fieldOf(item, field), wanted)),
  )
  return { items: found.toSorted(by(sort)).slice(0, take), totalItems: found.length }
}

/** Custom fields are filtered by their name alone. */
function fieldOf(item: Item, name: string): unknown {
  const own = item['customFields'] as Readonly<Record<string, unknown>> | undefined
  return name in item ? item[name] : own?.[name]
}

function passes(value: unknown, wanted: z.infer<typeof operators>): boolean {
  const text = String(value)
  if (wanted.isNull !== undefined && (value === null || value === undefined) !== wanted.isNull) return false
  if (wanted.eq !== undefined && value !== wanted.eq) return false
  if (wanted.notEq !== undefined && value === wanted.notEq) return false
  if (wanted.in && !wanted.in.includes(text)) return false
  if (wanted.notIn?.includes(text)) return false
  if (wanted.after !== undefined && !(Date.parse(text) > Date.parse(wanted.after))) return false
  return wanted.before === undefined || Date.parse(text) < Date.parse(wanted.before)
}

function by(sort: Readonly<Record<string, 'ASC' | 'DESC'>>) {
  return (left: Item, right: Item): number => {
    for (const [field, way] of Object.entries(sort)) {
      const difference = compare(left[field], right[field])
      if (difference !== 0) return way === 'ASC' ? difference : -difference
    }
    return compare(left.id, right.id)
  }
}

/** Ids are numbers in Vendure's database. */
function compare(left: unknown, right: unknown): number {
  const [one, two] = [String(left), String(right)]
  if (/^\d+$/.test(one) && /^\d+$/.test(two)) return Number(one) - Number(two)
  return one === two ? 0 : one < two ? -1 : 1
}
