/** As many as there are, which only a bulk operation may ask for. */
export const everything = 2_000_000_000

/** One of Shopify's connections: a part of a list, and where to go on. */
export function connection<Row extends object>(
  rows: readonly Row[],
  { first = 50, after }: { readonly first?: number; readonly after?: string | null },
) {
  if (first > 250 && first !== everything) throw new Error('The limit of a page is 250.')
  const begin = after ? Number(Buffer.from(after, 'base64').toString()) : 0
  const nodes = rows.slice(begin, begin + first)
  const cursor = (at: number) => Buffer.from(String(at)).toString('base64')
  return {
    nodes,
    edges: nodes.map((node, at) => ({ node, cursor: cursor(begin + at + 1) })),
    pageInfo: {
      hasNextPage: begin + first < rows.length,
      hasPreviousPage: begin > 0,
      startCursor: nodes.length > 0 ? cursor(begin) : null,
      endCursor: nodes.length > 0 ? cursor(begin + nodes.length) : null,
    },
  }
}

/**
 * Shopify's search: terms that must all hold. It ignores case, and takes `*` for the rest of a word. A field that it does
 * not know is no condition at all, so a query that is misspelt finds everything.
 */
export function search<Row>(
  rows: readonly Row[],
  query: string | null | undefined,
  fields: Readonly<Record<string, (row: Row) => string>>,
): readonly Row[] {
  const terms = [...(query ?? '').matchAll(/(\w+):(>=|<=|>|<)?(?:"((?:[^"\\]|\\.)*)"|'([^']*)'|(\S+))/g)]
  return rows.filter(row =>
    terms.every(([, name = '', operator, quoted, single, bare]) => {
      const wanted = quoted?.replace(/\\(.)/g, '$1') ?? single ?? bare ?? ''
      const field = fields[name]
      return field === undefined || holds(field(row), operator, wanted, quoted !== undefined)
    }),
  )
}

function holds(value: string, operator: string | undefined, wanted: string, isQuoted: boolean): boolean {
  switch (operator ?? '') {
    case '>=':
      return value >= wanted
    case '<=':
      return value <= wanted
    case '>':
      return value > wanted
    case '<':
      return value < wanted
    default: {
      const [left, right] = [value.toLowerCase(), wanted.toLowerCase()]
      return !isQuoted && right.endsWith('*') ? left.startsWith(right.slice(0, -1)) : left === right
    }
  }
}

/** In the order of their change; rows of one second in none. */
export function byStamp<Row extends { readonly updatedAt: string }>(rows: readonly Row[]): readonly Row[] {
  return rows
    .toReversed()
    .toSorted((left, right) =>
      left.updatedAt < right.updatedAt ? -1 : left.updatedAt > right.updatedAt ? 1 : 0,
    )
}

/** Shopify counts to the limit, and says whether it stopped there. */
export function countOf(count: number, limit: number) {
  return { count: Math.min(count, limit), precision: count > limit ? 'AT_LEAST' : 'EXACT' }
}

export const gidOf = (type: string, id: string): string => `gid://shopify/${type}/${id}`
/** The number in an address of this type. One of another type is none, as at Shopify: it leads to nothing. */
export function idIn(type: string, gid: unknown): string {
  const [, named, id = ''] = /^gid:\/\/shopify\/(\w+)\/(\d+)/.exec(String(gid)) ?? []
  return named === type ? id : ''
}
