/** What WordPress answers instead of a record. */
export class WpError extends Error {
  readonly code: string
  readonly status: number
  readonly more: Readonly<Record<string, unknown>>

  constructor(code: string, message: string, status: number, more: Readonly<Record<string, unknown>> = {}) {
    super(message)
    this.code = code
    this.status = status
    this.more = more
  }

  body() {
    return { code: this.code, message: this.message, data: { status: this.status, ...this.more } }
  }
}

export function invalidParam(name: string, words: string): WpError {
  return new WpError('rest_invalid_param', `Invalid parameter(s): ${name}`, 400, {
    params: { [name]: words },
    details: { [name]: { code: 'rest_invalid_param', message: words, data: null } },
  })
}

export function json(
  body: unknown,
  now: number,
  status = 200,
  headers: Record<string, string> = {},
): Response {
  return new Response(JSON.stringify(body), {
    status,
    headers: {
      'content-type': 'application/json; charset=UTF-8',
      date: new Date(now).toUTCString(),
      ...headers,
    },
  })
}

export interface Listing<Row> {
  readonly rows: readonly Row[]
  readonly idOf: (row: Row) => number
  readonly modified?: (row: Row) => string
  readonly present: (row: Row) => unknown
}

const BY = ['id', 'date', 'modified', 'include', 'title', 'slug', 'registered_date', 'name']

/**
 * A page of a list with its headers. Parameters that WooCommerce does not know are ignored without a word, as there:
 * a search by meta answers everything.
 */
export function listed<Row>(
  url: URL,
  now: number,
  { rows, idOf, modified, present }: Listing<Row>,
): Response {
  const query = url.searchParams
  const perPage = integer(query, 'per_page', 10, 1, 100)
  const page = integer(query, 'page', 1, 1, Number.MAX_SAFE_INTEGER)
  const offset = query.has('offset')
    ? integer(query, 'offset', 0, 0, Number.MAX_SAFE_INTEGER)
    : (page - 1) * perPage
  const by = query.get('orderby') ?? 'date'
  if (!BY.includes(by)) throw invalidParam('orderby', `orderby is not one of ${BY.join(', ')}.`)
  const include = idsIn(query.get('include'))
  const after = query.get('modified_after')
  const matching = rows
    .filter(row => include === null || include.includes(idOf(row)))
    .filter(row => after === null || !modified || modified(row) > wholeSecond(after))
    .toSorted((left, right) => {
      const byStamp = by === 'modified' && modified ? compare(modified(left), modified(right)) : 0
      return byStamp === 0 ? compare(idOf(left), idOf(right)) : byStamp
    })
  if ((query.get('order') ?? 'desc') === 'desc') matching.reverse()
  const pages = Math.ceil(matching.length / perPage)
  const links = [
    ...(page > 1 ? [link(url, page - 1, 'prev')] : []),
    ...(page < pages ? [link(url, page + 1, 'next')] : []),
  ]
  return json(matching.slice(offset, offset + perPage).map(present), now, 200, {
    'x-wp-total': String(matching.length),
    'x-wp-totalpages': String(pages),
    ...(links.length > 0 && { link: links.join(', ') }),
  })
}

/** Stamps have whole seconds, and `modified_after` asks for later ones: those of its own second are left out. */
function wholeSecond(text: string): string {
  const at = Date.parse(/Z|[+-]\d\d:?\d\d$/.test(text) ? text : `${text}Z`)
  if (Number.isNaN(at)) throw invalidParam('modified_after', 'Invalid date.')
  return new Date(at).toISOString().slice(0, 19)
}

function integer(
  query: URLSearchParams,
  name: string,
  fallback: number,
  least: number,
  most: number,
): number {
  const text = query.get(name)
  if (text === null) return fallback
  const value = Number(text)
  if (Number.isInteger(value) && value >= least && value <= most) return value
  throw invalidParam(name, `${name} must be between ${least} (inclusive) and ${most} (inclusive)`)
}

export function idsIn(text: string | null): number[] | null {
  return text === null || text === '' ? null : text.split(',').map(Number)
}

function compare(left: string | number, right: string | number): number {
  return left < right ? -1 : left > right ? 1 : 0
}

function link(url: URL, page: number, rel: string): string {
  const other = new URL(url)
  other.searchParams.set('page', String(page))
  return `<${other.href}>; rel="${rel}"`
}
