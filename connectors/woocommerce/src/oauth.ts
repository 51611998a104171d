import { createHmac } from 'node:crypto'

/**
 * The query of a request signed by OAuth 1.0a with HMAC-SHA256 (RFC 5849 §3.4), as WooCommerce wants it over plain
 * http, where it refuses Basic with 401. The secret signs and is not part of it.
 */
export function signedQuery(
  request: { method: string; url: string; query: readonly (readonly [string, string])[] },
  key: { consumerKey: string; consumerSecret: string },
  once: { now: number; nonce: string },
): string {
  const parameters: [string, string][] = [
    ...request.query.map(([name, value]): [string, string] => [name, value]),
    ['oauth_consumer_key', key.consumerKey],
    ['oauth_nonce', once.nonce],
    ['oauth_signature_method', 'HMAC-SHA256'],
    ['oauth_timestamp', String(Math.floor(once.now / 1000))],
  ]
  const signature = signatureOf(request.method, request.url, parameters, key.consumerSecret)
  return queryText([...parameters, ['oauth_signature', signature]])
}

export function signatureOf(
  method: string,
  url: string,
  parameters: readonly (readonly [string, string])[],
  consumerSecret: string,
): string {
  const sorted = parameters
    .map(([name, value]) => `${encoded(name)}=${encoded(value)}`)
    .toSorted()
    .join('&')
  const base = [method.toUpperCase(), encoded(url), encoded(sorted)].join('&')
  return createHmac('sha256', `${consumerSecret}&`).update(base).digest('base64')
}

export function queryText(parameters: readonly (readonly [string, string])[]): string {
  return parameters.map(([name, value]) => `${encoded(name)}=${encoded(value)}`).join('&')
}

/** RFC 3986: encodeURIComponent leaves !'()* as they are. */
function encoded(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    character => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  )
}
