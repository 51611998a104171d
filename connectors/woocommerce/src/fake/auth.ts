import { signatureOf } from '../oauth.ts'
import { WpError } from './answers.ts'

export interface ApiKey {
  readonly consumerKey: string
  readonly consumerSecret: string
  readonly permissions: 'read' | 'write' | 'read_write'
}

const ERROR = 'woocommerce_rest_authentication_error'

/** What time it is, and how far from it a signature may be. */
export interface SignedAt {
  readonly now: number
  readonly withinMs: number
}

/** Basic over https, OAuth 1.0a over plain http (and https): anything else is a stranger. Throws for strangers. */
export function signIn(
  request: Request,
  url: URL,
  keys: readonly ApiKey[],
  clock: SignedAt,
  nonces: Set<string>,
): void {
  const isSecure = url.protocol === 'https:' || request.headers.get('x-forwarded-proto') === 'https'
  const key = (isSecure ? byBasic(request, keys) : null) ?? bySignature(request, url, keys, clock, nonces)
  if (!key) throw new WpError('woocommerce_rest_cannot_view', 'Sorry, you cannot list resources.', 401)
  const needed = request.method === 'GET' ? 'read' : 'write'
  if (key.permissions !== 'read_write' && key.permissions !== needed)
    throw new WpError(ERROR, `The API key provided does not have ${needed} permissions.`, 401)
}

function byBasic(request: Request, keys: readonly ApiKey[]): ApiKey | null {
  const [scheme, token = ''] = (request.headers.get('authorization') ?? '').split(' ')
  if (scheme?.toLowerCase() !== 'basic') return null
  const [name, secret] = Buffer.from(token, 'base64').toString('utf8').split(':')
  const key = keys.find(each => each.consumerKey === name)
  if (!key) throw new WpError(ERROR, 'Consumer key is invalid.', 401)
  if (key.consumerSecret !== secret) throw new WpError(ERROR, 'Consumer secret is invalid.', 401)
  return key
}

function bySignature(
  request: Request,
  url: URL,
  keys: readonly ApiKey[],
  { now, withinMs }: SignedAt,
  nonces: Set<string>,
): ApiKey | null {
  const query = url.searchParams
  if (!query.has('oauth_consumer_key')) return null
  const key = keys.find(each => each.consumerKey === query.get('oauth_consumer_key'))
  if (!key) throw new WpError(ERROR, 'Consumer key is invalid.', 401)
  const parameters = [...query].filter(([name]) => name !== 'oauth_signature')
  const expected = signatureOf(request.method, url.origin + url.pathname, parameters, key.consumerSecret)
  if (query.get('oauth_signature') !== expected)
    throw new WpError(ERROR, 'Invalid signature - provided signature does not match.', 401)
  if (Math.abs(Number(query.get('oauth_timestamp')) - now / 1000) > withinMs / 1000)
    throw new WpError(ERROR, 'Invalid timestamp.', 401)
  const nonce = query.get('oauth_nonce') ?? ''
  if (nonces.has(nonce)) throw new WpError(ERROR, 'Invalid nonce - nonce has already been used.', 401)
  nonces.add(nonce)
  return key
}
