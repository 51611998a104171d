import { Problem, Unanswered, type Io } from '@linchpin/connector'
import { explain } from './errors.ts'
import { post } from './http.ts'
import type { Settings } from './settings.ts'
import type { Transport } from './transport.ts'

/** Odoo 14 to 18, deprecated in 19: the status is always 200 and errors stand in the body. */
export async function jsonrpc(settings: Settings, io: Io): Promise<Transport> {
  const { database, login, apiKey } = settings
  const rpc = async (service: string, method: string, args: readonly unknown[], name: string) => {
    const request = { jsonrpc: '2.0', method: 'call', id: 1, params: { service, method, args } }
    const { response, body } = await post(settings, io, '/jsonrpc', { body: request })
    return resultOf(response, body, name)
  }
  const uid = await rpc('common', 'authenticate', [database, login, apiKey, {}], 'authenticate')
  if (typeof uid !== 'number')
    throw new Problem('login', 'Odoo refused our login or API key. Enter them again for this connection.')
  return {
    name: 'jsonrpc',
    call(model, method, { ids, args = {}, context }) {
      // `create` alone looks at its first positional argument (odoo/api.py), all others take names.
      const { vals_list, ...named } = args
      const positional = [...(ids ? [ids] : []), ...(method === 'create' ? [vals_list] : [])]
      const keywords = context ? { ...named, context } : named
      const whole = [database, uid, apiKey, model, method, positional, keywords]
      return rpc('object', 'execute_kw', whole, `${model}.${method}`)
    },
  }
}

function resultOf(response: Response, body: unknown, name: string): unknown {
  if (response.status === 401) throw new Problem('login', 'Odoo, or a proxy before it, refused us (401).')
  if (body === null || typeof body !== 'object')
    throw new Unanswered('passing', `Odoo answered ${name} with something else than an answer.`)
  const { result, error } = body as {
    result?: unknown
    error?: { message?: string; data?: { name?: string; message?: string } }
  }
  if (error) throw explain(error.data?.name ?? '', error.data?.message ?? error.message ?? '', name)
  if (!response.ok) throw new Unanswered('passing', `Odoo failed (${response.status}).`)
  return result ?? null
}
