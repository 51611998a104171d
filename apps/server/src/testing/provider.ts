import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { Provider } from 'oidc-provider'

export interface Member {
  readonly name: string
  readonly email: string
  readonly groups: readonly string[]
  readonly email_verified?: boolean
}

export interface TestProvider {
  readonly issuer: string
  readonly client: { readonly clientId: string; readonly clientSecret: string }
  /** Who it knows, by subject; may be changed at any time. */
  readonly members: Map<string, Member>
  /** Who sits at the browser that comes next. */
  readonly seat: (subject: string) => void
  /** Where it may send a browser back to. */
  readonly trust: (redirectUri: string) => void
  readonly close: () => Promise<void>
}

/** A certified OpenID provider (the npm package oidc-provider) on this machine; it asks nobody for a password. */
export async function openProvider(): Promise<TestProvider> {
  const members = new Map<string, Member>()
  const client = { clientId: 'linchpin', clientSecret: 'a-secret-that-the-provider-gave-us' }
  let [seated, provider]: [string, Provider | null] = ['', null]
  const server = createServer((request, response) => {
    const work =
      provider &&
      (request.url?.startsWith('/interaction/')
        ? signIn(provider, request, response, seated)
        : provider.callback()(request, response))
    void work
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    issuer,
    client,
    members,
    seat: subject => void (seated = subject),
    trust: redirectUri => void (provider = providerFor(issuer, { ...client, redirectUri }, members)),
    close: async () => {
      if (!server.listening) return
      server.closeAllConnections()
      await new Promise(done => server.close(done))
    },
  }
}

const HOUR = 3600

function providerFor(
  issuer: string,
  { clientId, clientSecret, redirectUri }: TestProvider['client'] & { readonly redirectUri: string },
  members: ReadonlyMap<string, Member>,
): Provider {
  return new Provider(issuer, {
    clients: [{ client_id: clientId, client_secret: clientSecret, redirect_uris: [redirectUri] }],
    claims: { openid: ['sub'], profile: ['name', 'groups'], email: ['email', 'email_verified'] },
    scopes: ['openid', 'profile', 'email'],
    cookies: { keys: ['a key of the tests'] },
    ttl: { Interaction: HOUR, Session: HOUR, Grant: HOUR, AccessToken: HOUR, IdToken: HOUR },
    pkce: { required: () => true },
    features: { devInteractions: { enabled: false } },
    interactions: { url: (_ctx, { uid }) => `/interaction/${uid}` },
    findAccount: (_ctx, sub) => ({ accountId: sub, claims: () => ({ sub, ...members.get(sub) }) }),
  })
}

/** Whoever is seated signs in and agrees to everything. */
async function signIn(
  provider: Provider,
  request: IncomingMessage,
  response: ServerResponse,
  subject: string,
) {
  const { prompt, params, session } = await provider.interactionDetails(request, response)
  if (prompt.name === 'login')
    return provider.interactionFinished(request, response, { login: { accountId: subject } })
  const grant = new provider.Grant({
    accountId: session?.accountId ?? '',
    clientId: String(params['client_id']),
  })
  grant.addOIDCScope(String(params['scope']))
  return provider.interactionFinished(request, response, { consent: { grantId: await grant.save() } })
}
