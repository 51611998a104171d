/** A few lines of Tryton's JSON-RPC for the tests, apart from the connector's own client: what one gets wrong the other shows. */
export interface Rpc {
  readonly context: Record<string, unknown>
  /** Calls a method with the context as its last parameter, and answers yes to every warning. */
  call(
    method: string,
    params: readonly unknown[],
    context?: Readonly<Record<string, unknown>>,
  ): Promise<unknown>
}

export async function signIn(at: Place): Promise<Rpc> {
  let session = await authorize(at)
  const context = (await post(at, session, 'model.res.user.get_preferences', [true, {}])) as Record<
    string,
    unknown
  >
  const call: Rpc['call'] = async (method, params, more = {}) => {
    try {
      return await post(at, session, method, [...params, { ...context, ...more }])
    } catch (error) {
      if (error instanceof SignedOut) session = await authorize(at)
      else if (error instanceof RpcError && error.warning !== null)
        await post(at, session, 'model.res.user.warning.create', [
          [{ user: session.user, name: error.warning, always: false }],
          context,
        ])
      else throw error
      return call(method, params, more)
    }
  }
  return { context, call }
}

interface Place {
  readonly url: string
  readonly database: string
  readonly username: string
  readonly password: string
}
interface Session {
  readonly user: number
  readonly authorization: string
}

async function authorize(at: Place): Promise<Session> {
  const answer = await post(at, null, 'common.db.login', [at.username, { password: at.password }, 'en'])
  const [user, session] = answer as [number, string]
  const authorization = Buffer.from(`${at.username}:${user}:${session}`).toString('base64')
  return { user, authorization: `Session ${authorization}` }
}

async function post(
  at: Place,
  session: Session | null,
  method: string,
  params: readonly unknown[],
): Promise<unknown> {
  const authorization = session === null ? {} : { authorization: session.authorization }
  const headers = { 'content-type': 'application/json', ...authorization }
  const body = JSON.stringify({ id: 1, method, params })
  const response = await fetch(`${at.url}/${at.database}/`, { method: 'POST', headers, body })
  const text = await response.text()
  if (response.status === 401) throw new SignedOut(method)
  if (!response.ok) throw new Error(`${method}: HTTP ${response.status} ${text.slice(0, 200)}`)
  const answer = JSON.parse(text) as { result?: unknown; error?: unknown }
  if (answer.error !== undefined) throw new RpcError(method, answer.error)
  return answer.result
}

class SignedOut extends Error {}

class RpcError extends Error {
  readonly warning: string | null
  constructor(method: string, error: unknown) {
    super(`${method}: ${JSON.stringify(error).slice(0, 500)}`)
    const [type, details] = error as [string, unknown]
    this.warning = type === 'UserWarning' && Array.isArray(details) ? String(details[0]) : null
  }
}

export const decimal = (text: string) => ({ __class__: 'Decimal', decimal: text })
export const today = () => {
  const now = new Date()
  return {
    __class__: 'date',
    year: now.getUTCFullYear(),
    month: now.getUTCMonth() + 1,
    day: now.getUTCDate(),
  }
}
