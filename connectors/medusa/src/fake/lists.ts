import { wrong } from './refusal.ts'

type Item = Readonly<Record<string, unknown>>

/** What a list may be filtered by. Orders let any other name pass without a word; the others refuse it. */
export interface Filters {
  readonly fields: readonly string[]
  readonly search?: readonly string[]
  readonly lenient?: boolean
}

const paging = ['fields', 'order', 'limit', 'offset', 'with_deleted']

/** One of Medusa's lists: filtered, sorted by one stamp and by nothing beside it, and cut. */
export function list(name: string, items: readonly Item[], query: URLSearchParams, filters: Filters): object {
  const wanted = new Map<string, string[]>()
  for (const [key, value] of query) {
    const field = key.replace(/\[\]$/, '')
    if (!paging.includes(field)) wanted.set(field, [...(wanted.get(field) ?? []), value])
  }
  const unknown = [...wanted.keys()].find(each => !isKnown(each, filters))
  if (unknown !== undefined && !filters.lenient) wrong(`Invalid request: Unrecognized fields: '${unknown}'`)
  const found = items.filter(item =>
    [...wanted].every(([field, values]) => !isKnown(field, filters) || passes(item, field, values, filters)),
  )
  const offset = Number(query.get('offset') ?? 0)
  const limit = Number(query.get('limit') ?? 20)
  const sorted = found.toSorted(by(query.get('order') ?? 'id'))
  return { [name]: sorted.slice(offset, offset + limit), count: found.length, offset, limit }
}

function isKnown(field: string, { fields, search }: Filters): boolean {
  return fields.includes(field.replace(/\[\$\w+\]$/, '')) || (field === 'q' && search !== undefined)
}

function passes(item: Item, field: string, values: readonly string[], { search = [] }: Filters): boolean {
  const [value = ''] = values
  if (field === 'q')
    return search.some(each => textOf(item[each]).toLowerCase().includes(value.toLowerCase()))
  const [, name = field, operator] = /^(\w+)\[\$(\w+)\]$/.exec(field) ?? []
  const there = textOf(item[name])
  return operator === 'gte' ? there >= value : values.includes(there)
}

function by(order: string) {
  const path = order.replace(/^-/, '').split('.')
  const sign = order.startsWith('-') ? -1 : 1
  const valueOf = (item: unknown) => textOf(path.reduce((at, name) => (at as Item | null)?.[name], item))
  return (left: Item, right: Item) => {
    const [one, two] = [valueOf(left), valueOf(right)]
    return one === two ? 0 : (one < two ? -1 : 1) * sign
  }
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '')
