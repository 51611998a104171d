import type { Role } from '@linchpin/api'
import {
  allowInsecureRequests,
  authorizationCodeGrant,
  buildAuthorizationUrl,
  calculatePKCECodeChallenge,
  customFetch,
  discovery,
  fetchUserInfo,
  randomNonce,
  randomPKCECodeVerifier,
  randomState,
  type Configuration,
  type CustomFetch,
} from 'openid-client'
import type { Config } from '../config/schema.ts'

type OpenIdConfig = NonNullable<Config['people']['openid']>

/** Sign-in at an OpenID provider, with PKCE, state and nonce. */
export interface OpenId {
  readonly label: string
  /** Where to send the browser, and what its answer will be held against. */
  readonly begin: (redirectUri: string) => Promise<Begun>
  /** Who came back. Throws when the answer is not the one to that question. */
  readonly end: (url: URL, begun: Begun) => Promise<Vouched>
}

export interface Begun {
  readonly url: string
  readonly state: string
  readonly verifier: string
  readonly nonce: string
}

export interface Vouched {
  readonly issuer: string
  readonly subject: string
  readonly name: string
  readonly email: string
  /** Null: the provider knows them, and we let nobody in who is like that. */
  readonly role: Role | null
}

export function createOpenId(config: OpenIdConfig, secret: string, fetch: CustomFetch): OpenId {
  let found: Promise<Configuration> | null = null
  // Looked up when somebody signs in: a provider that is down does not keep Linchpin from starting.
  const provider = () => (found ??= discover(config, secret, fetch).catch(forget))
  const forget = (error: unknown): never => {
    found = null
    throw error
  }
  return {
    label: config.label,
    async begin(redirectUri) {
      const [state, nonce, verifier] = [randomState(), randomNonce(), randomPKCECodeVerifier()]
      const url = buildAuthorizationUrl(await provider(), {
        redirect_uri: redirectUri,
        scope: config.scope,
        code_challenge: await calculatePKCECodeChallenge(verifier),
        code_challenge_method: 'S256',
        state,
        nonce,
      })
      return { url: url.href, state, nonce, verifier }
    },
    async end(url, { state, nonce, verifier }) {
      const asked = await provider()
      const tokens = await authorizationCodeGrant(asked, url, {
        pkceCodeVerifier: verifier,
        expectedState: state,
        expectedNonce: nonce,
        idTokenExpected: true,
      })
      const claims = tokens.claims()
      if (claims === undefined) throw new Error('The provider sent no ID token.')
      return vouched(config, { ...(await told(asked, tokens.access_token, claims.sub)), ...claims })
    },
  }
}

async function discover(config: OpenIdConfig, secret: string, fetch: CustomFetch): Promise<Configuration> {
  const issuer = new URL(config.issuer)
  // http is for a provider on this machine: elsewhere, whoever stands between could sign in as anybody.
  const local = ['127.0.0.1', 'localhost', '[::1]'].includes(issuer.hostname)
  const execute = local ? [allowInsecureRequests] : []
  return discovery(issuer, config.clientId, secret, undefined, { execute, [customFetch]: fetch })
}

/** Many providers put only the subject into the ID token; the rest they tell whoever asks with the access token. */
async function told(provider: Configuration, token: string, subject: string): Promise<Claims> {
  return provider.serverMetadata().userinfo_endpoint === undefined
    ? {}
    : fetchUserInfo(provider, token, subject)
}

type Claims = Readonly<Record<string, unknown>>

/** An address that the provider calls unchecked does not count: anybody could claim anybody's. */
function vouched({ roleClaim, roles, otherwise, issuer }: OpenIdConfig, claims: Claims): Vouched {
  const text = (name: string) => (typeof claims[name] === 'string' ? claims[name] : '')
  const subject = text('sub')
  const checked = claims['email_verified'] !== false ? text('email') : ''
  const email = checked || `${subject}@${new URL(issuer).hostname}`
  const values = [claims[roleClaim]].flat()
  const role = roles.find(each => values.includes(each.is))?.role ?? otherwise ?? null
  const name = text('name') || text('preferred_username') || email
  return { issuer: text('iss') || issuer, subject, name, email, role }
}
