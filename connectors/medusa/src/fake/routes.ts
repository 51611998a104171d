/** One request of the Admin API, taken apart. */
export interface Asked {
  readonly query: URLSearchParams
  readonly body: Readonly<Record<string, unknown>>
  /** What stood in the path in place of each ':'. */
  readonly ids: readonly string[]
}

/** 'POST /orders/:/cancel' → what it does. */
export type Routes = Readonly<Record<string, (asked: Asked) => object>>

export function routeOf(routes: Routes, method: string, path: string) {
  for (const [pattern, run] of Object.entries(routes)) {
    const [wanted = '', shape = ''] = pattern.split(' ')
    const found = new RegExp(`^${shape.replaceAll(':', '([^/]+)')}$`).exec(path)
    if (wanted === method && found) return { run, ids: found.slice(1).map(decodeURIComponent) }
  }
  return null
}
