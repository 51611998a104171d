import { Problem, problemOf, textOf, Unanswered, type Io } from '@linchpin/connector'
import { z } from 'zod'
import { problemOfError, warningOf } from './errors.ts'
import type { Settings } from './settings.ts'
import { decode } from './wire.ts'

/** Speaks Tryton's JSON-RPC: signs in when needed, and turns every failure into a Problem. */
export interface Client {
  /**
   * One call with the user's context as its last parameter. The answer comes in our types (see wire.ts) and must fit
   * `shape`. Throws Problem; Unanswered when the call may have taken effect.
   */
  readonly call: Call
  /** A call that reads only: an answer that was lost is a passing trouble, never an uncertain effect. */
  readonly ask: Call
  /** Of the server itself, without a database: 'common.server.version'. Also tells its clock minus ours in ms. */
  readonly version: () => Promise<{ version: string; clockSkewMs: number | null }>
  readonly context: () => Promise<Context>
}

export type Call = <T>(
  shape: z.ZodType<T>,
  method: string,
  params: readonly unknown[],
  context?: Readonly<Record<string, unknown>>,
) => Promise<T>
export type Context = Readonly<Record<string, unknown>> & { readonly company: number }

interface SignedIn {
  readonly user: number
  readonly authorization: string
}

/**
 * Warnings that a clerk at the screen would answer with a yes when an order is already sold: not enough stock on the
 * day (sale_stock_quantity). Any other warning is for a person to read.
 */
const HARMLESS = [/^stock_quantity_warning_/]
// An invoice's PDF is some hundred kilobytes; nothing that we ask for comes near this.
export function makeClient(settings: Settings, io: Io): Client {
  let signedIn: Promise<SignedIn> | null = null
  let context: Promise<Context> | null = null
  let calls = 0
  const secrets = new Set([settings.password])
  const clean = (text: string) => [...secrets].reduce((left, secret) => left.replaceAll(secret, '…'), text)

  async function post(path: string, method: string, params: readonly unknown[], authorization?: string) {
    const headers = { 'content-type': 'application/json', ...(authorization ? { authorization } : {}) }
    const body = JSON.stringify({ id: (calls += 1), method, params })
    const url = new URL(path, settings.url.replace(/\/*$/, '/')).href
    const before = io.now()
    try {
      const response = await io.fetch(url, { method: 'POST', headers, body, signal: io.signal })
      const text = response.ok ? await textOf(response, 'Tryton') : ''
      return { response, text, before }
    } catch (cause) {
      // Certainly not sent: Linchpin is stopping, or it would have left too late.
      if (cause instanceof Problem) throw cause
      throw new Unanswered('passing', 'Tryton did not answer: the connection broke or the time was up.', {
        cause: reason(cause),
      })
    }
  }

  async function signIn(): Promise<SignedIn> {
    const { username, password, database } = settings
    const { response, text } = await post(`${database}/`, 'common.db.login', [username, { password }, 'en'])
    if (response.status === 401)
      throw new Problem(
        'login',
        `Tryton refused the password of ${username}. Enter it again for this connection.`,
      )
    if (response.status === 404)
      throw new Problem(
        'settings',
        `Tryton has no database "${database}" at ${settings.url}. Correct it in this connection.`,
      )
    if (!response.ok) throw problemOf(response, 'Tryton', io.now())
    const answer = json(text)
    // 6.0 answers a bare array here, later versions wrap it.
    const parsed = LOGIN.safeParse(isObject(answer) && 'result' in answer ? answer['result'] : answer)
    if (!parsed.success) throw answerProblem(answer, clean) ?? strange('common.db.login')
    const [user, session] = parsed.data
    const authorization = Buffer.from(`${username}:${user}:${session}`).toString('base64')
    secrets.add(session).add(authorization)
    return { user, authorization: `Session ${authorization}` }
  }

  const session = () =>
    (signedIn ??= signIn().catch((error: unknown) => ((signedIn = null), Promise.reject(error))))

  /** The result of one method, signing in again once when the session has expired (five idle minutes by default). */
  async function result(method: string, params: readonly unknown[], renewed = false): Promise<unknown> {
    const who = await before(session())
    const { response, text } = await post(`${settings.database}/`, method, params, who.authorization)
    if (response.status === 401 && !renewed) {
      signedIn = null
      return result(method, params, true)
    }
    if (response.status >= 500)
      throw new Unanswered('passing', problemOf(response, 'Tryton', io.now()).message)
    if (response.status === 403)
      throw new Problem('login', `Tryton does not offer "${method}" to ${settings.username} (403).`)
    if (!response.ok) throw problemOf(response, 'Tryton', io.now())
    const answer = json(text)
    if (isObject(answer) && 'result' in answer) return answer['result']
    throw answerProblem(answer, clean) ?? strange(method)
  }

  async function acknowledging(method: string, params: readonly unknown[]): Promise<unknown> {
    try {
      return await result(method, params)
    } catch (error) {
      const warning = error instanceof Problem ? warningOf(error) : null
      if (warning === null || !HARMLESS.some(name => name.test(warning))) throw error
      const { user } = await session()
      await before(
        result('model.res.user.warning.create', [
          [{ user, name: warning, always: false }],
          await preferences(),
        ]),
      )
      return result(method, params)
    }
  }

  async function preferences(): Promise<Context> {
    context ??= result('model.res.user.get_preferences', [true, {}]).then(contextOf(settings))
    return context.catch((error: unknown) => ((context = null), Promise.reject(error)))
  }

  const call: Call = async (shape, method, params, more = {}) => {
    const own = { ...(await before(preferences())), ...more }
    const answer = decode(await acknowledging(method, [...params, own]))
    const parsed = shape.safeParse(answer)
    if (parsed.success) return parsed.data
    throw strange(method, z.prettifyError(parsed.error))
  }
  return {
    call,
    ask: (...request) => before(call(...request)),
    context: () => before(preferences()),
    version: async () => {
      const { response, text, before: asked } = await before(post('', 'common.server.version', []))
      if (!response.ok) throw problemOf(response, 'Tryton', io.now())
      const answer = json(text)
      const version = z.string().safeParse(isObject(answer) ? answer['result'] : answer)
      if (!version.success)
        throw new Problem('settings', `At ${settings.url} there is no Tryton. Correct the address.`)
      return { version: version.data, clockSkewMs: skew(response.headers.get('date'), asked, io.now()) }
    },
  }
}

/** Nothing that we want to happen was sent yet, so a failure leaves nothing open. */
async function before<T>(work: Promise<T>): Promise<T> {
  try {
    return await work
  } catch (error) {
    if (error instanceof Unanswered) throw new Problem(error.kind, error.message, { cause: error.cause })
    throw error
  }
}

function json(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new Unanswered(
      'surprise',
      'Tryton answered something that is no JSON: a web page, or half an answer. Check the address.',
    )
  }
}

function contextOf(settings: Settings) {
  return (preferences: unknown): Context => {
    const held = isObject(preferences) ? preferences : {}
    const company = settings.company ?? held['company']
    if (typeof company !== 'number')
      throw new Problem(
        'settings',
        `The Tryton user ${settings.username} has no company. Set one in its preferences, or name it here.`,
      )
    return { ...held, company }
  }
}

/** The Date header has whole seconds, so half a second either way says nothing. */
function skew(date: string | null, sent: number, answered: number): number | null {
  const theirs = date === null ? NaN : Date.parse(date)
  return Number.isFinite(theirs) ? theirs + 500 - Math.round((sent + answered) / 2) : null
}

function answerProblem(answer: unknown, clean: (text: string) => string): Problem | null {
  return isObject(answer) && Array.isArray(answer['error']) ? problemOfError(answer['error'], clean) : null
}
const strange = (method: string, why = 'neither a result nor an error') =>
  new Unanswered('surprise', `Tryton answered ${method} in a way that we do not know: ${why}.`)
const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  value !== null && typeof value === 'object' && !Array.isArray(value)
/** Of a broken connection only the words: what else it carries may hold the request. */
const reason = (cause: unknown) => (cause instanceof Error ? new Error(cause.message) : undefined)
const LOGIN = z.tuple([z.int(), z.string()])
