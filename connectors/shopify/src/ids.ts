/**
 * Shopify's ids are addresses, 'gid://shopify/Order/450789469'. Its own pages, webhooks and searches use the number at
 * the end, and so do we.
 */
export function gid(type: string, id: string): string {
  return `gid://shopify/${type}/${id}`
}

/** Whether Shopify could have given this id; it answers an error for a whole list that holds one it could not. */
export function isId(id: string): boolean {
  return /^[1-9]\d{0,18}$/.test(id)
}

/** The same answer with numbers in place of addresses, wherever a field holds an id. */
export function withPlainIds(value: unknown, name = ''): unknown {
  if (Array.isArray(value)) return value.map(each => withPlainIds(each, name))
  if (typeof value === 'string') return name === 'id' || name.endsWith('Id') ? plainId(value) : value
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, withPlainIds(each, key)]))
}

/** 'gid://shopify/Order/42' → '42'. One with parameters, as a customer's addresses have, stays whole. */
export function plainId(text: string): string {
  return /^gid:\/\/shopify\/\w+\/(\d+)$/.exec(text)?.[1] ?? text
}
