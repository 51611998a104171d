import { accessDenied, notFound, OdooError } from './errors.ts'
import { invoke, named, type Invocation } from './methods.ts'
import type { Orm } from './orm.ts'
import { invoicePdf } from './pdf.ts'
import type { Context } from './schema.ts'

/** Who may come in: one integration user, with an API key and a password. */
export interface Access {
  readonly database: string
  readonly login: string
  readonly apiKey: string
  readonly password: string
}
export interface Server {
  readonly orm: Orm
  readonly access: Access
  /** 'model:operation' that our user has no right to. */
  readonly denied: Set<string>
  /** Awaited between doing and committing: a transaction that takes its time. */
  readonly beforeCommit: (how: Invocation) => Promise<void>
}

/** Odoo's doors for programs, as each version has them. Answers null for what is none. */
export async function answerApi(server: Server, request: Request): Promise<Response | null> {
  const { pathname } = new URL(request.url)
  if (pathname === '/web/webclient/version_info') return reply(server, 200, rpcBody(versionInfo(server.orm)))
  if (pathname === '/web/session/authenticate') return authenticate(server, request)
  if (pathname.startsWith('/report/pdf/')) return report(server, request, pathname)
  if (pathname === '/jsonrpc' && request.method === 'POST') return jsonrpc(server, request)
  if (pathname.startsWith('/json/2/') && server.orm.major >= 19) return json2(server, request, pathname)
  return null
}

async function json2(server: Server, request: Request, pathname: string): Promise<Response> {
  const [, , , model = '', method = ''] = pathname.split('/')
  if (request.headers.get('x-odoo-database') !== server.access.database)
    return new Response('<!doctype html><title>404 Not Found</title><h1>Not Found</h1>', {
      status: 404,
      headers: { 'content-type': 'text/html' },
    })
  if (request.headers.get('authorization')?.toLowerCase() !== `bearer ${server.access.apiKey}`.toLowerCase())
    return failure(server, new OdooError('werkzeug.exceptions.Unauthorized', 'Invalid apikey', 401))
  try {
    const {
      ids = [],
      context = {},
      ...args
    } = (await request.json()) as { ids?: number[]; context?: Context }
    return reply(server, 200, await perform(server, { model, method, ids, args, context }))
  } catch (error) {
    return failure(server, asOdoo(error))
  }
}

/** The body of a failure, with the traceback that a connector must keep out of its logs. */
function failure(server: Server, error: OdooError): Response {
  return reply(server, error.status, {
    name: error.pythonName,
    message: error.message,
    arguments: [error.message],
    context: {},
    debug: `Traceback (most recent call last):\n  …\n${error.pythonName}: ${error.message}`,
  })
}

interface Rpc {
  readonly id?: unknown
  readonly params?: { readonly service?: string; readonly method?: string; readonly args?: unknown[] }
}

async function jsonrpc(server: Server, request: Request): Promise<Response> {
  const { id, params = {} } = (await request.json()) as Rpc
  try {
    return reply(server, 200, { ...rpcBody(await serve(server, params)), id })
  } catch (thrown) {
    const error = asRpc(asOdoo(thrown))
    const data = {
      name: error.pythonName,
      message: error.message,
      arguments: [error.message],
      context: {},
      debug: 'Traceback …',
    }
    return reply(server, 200, {
      jsonrpc: '2.0',
      id,
      error: { code: 200, message: 'Odoo Server Error', data },
    })
  }
}

async function serve(
  server: Server,
  { service, method, args = [] }: NonNullable<Rpc['params']>,
): Promise<unknown> {
  if (service === 'common' && method === 'version') return versionInfo(server.orm)
  const { access, orm } = server
  const [database, user, secret] = args
  if (database !== access.database)
    throw new OdooError(
      'psycopg2.OperationalError',
      `connection to server failed: FATAL:  database "${String(database)}" does not exist`,
      500,
    )
  const known = secret === access.apiKey || secret === access.password
  if (service === 'common') return user === access.login && known ? 2 : false
  if (user !== 2 || !known) throw accessDenied()
  const [, , , model, name, positional, keywords] = args as [
    0,
    0,
    0,
    string,
    string,
    unknown[],
    Record<string, unknown>?,
  ]
  const { context = {}, ...given } = (keywords ?? {}) as { context?: Context }
  // The first positional argument of a method of records is their ids.
  const ofModel =
    /^(search|search_read|search_count|create|load|fields_get|context_get|check_access_rights)$/.test(name)
  const ids = ofModel ? [] : ([positional[0] ?? []].flat() as number[])
  const how: Invocation = { model, method: name, ids, args: given, context }
  if (!orm.schema[model])
    throw new OdooError('odoo.exceptions.UserError', `Object ${model} doesn't exist`, 422)
  return perform(server, named(orm, how, ofModel ? positional : positional.slice(1), server.denied))
}

async function perform(server: Server, how: Invocation): Promise<unknown> {
  const { result, commit } = invoke(server.orm, how, server.denied)
  await server.beforeCommit(how)
  commit()
  return result
}

function asOdoo(error: unknown): OdooError {
  if (error instanceof OdooError) return error
  if (error instanceof SyntaxError)
    return new OdooError('werkzeug.exceptions.BadRequest', 'Invalid JSON data', 400)
  throw error
}

/** Before 19 what a method does not know is a plain Python error. */
function asRpc(error: OdooError): OdooError {
  if (error.pythonName.endsWith('.NotFound'))
    return new OdooError('builtins.AttributeError', error.message, 500)
  if (error.pythonName.endsWith('.UnprocessableEntity'))
    return new OdooError('builtins.TypeError', error.message, 500)
  return error
}

async function authenticate(server: Server, request: Request): Promise<Response> {
  const { params } = (await request.json()) as { params?: { db?: string; login?: string; password?: string } }
  const { database, login, password } = server.access
  if (params?.db !== database || params.login !== login || params.password !== password) {
    const data = { name: 'odoo.exceptions.AccessDenied', message: 'Access Denied', debug: 'Traceback …' }
    return reply(server, 200, {
      jsonrpc: '2.0',
      id: null,
      error: { code: 200, message: 'Odoo Server Error', data },
    })
  }
  const response = reply(server, 200, rpcBody({ uid: 2, db: database }))
  response.headers.append('set-cookie', `session_id=${sessionOf(server)}; HttpOnly; Path=/`)
  return response
}

const sessionOf = ({ access }: Server) => Buffer.from(`session of ${access.login}`).toString('hex')

async function report(server: Server, request: Request, pathname: string): Promise<Response> {
  const signedIn = request.headers.get('cookie')?.includes(`session_id=${sessionOf(server)}`)
  // Odoo sends strangers to its sign-in page.
  if (!signedIn) return new Response(null, { status: 303, headers: { location: '/web/login' } })
  const [, , , name, id] = pathname.split('/')
  const move = server.orm.get('account.move', Number(id))
  if (name !== 'account.report_invoice' || !move) return failure(server, notFound('no such report'))
  const bytes = await invoicePdf(server.orm, move)
  return new Response(new Uint8Array(bytes), { headers: { 'content-type': 'application/pdf' } })
}

function versionInfo(orm: Orm): object {
  return {
    server_version: `${orm.major}.0`,
    server_version_info: [orm.major, 0, 0, 'final', 0, ''],
    server_serie: `${orm.major}.0`,
    protocol_version: 1,
  }
}

const rpcBody = (result: unknown) => ({ jsonrpc: '2.0', id: null as unknown, result })

function reply(server: Server, status: number, body: unknown): Response {
  const headers = {
    'content-type': 'application/json; charset=utf-8',
    date: new Date(server.orm.now()).toUTCString(),
  }
  return new Response(JSON.stringify(body), { status, headers })
}
