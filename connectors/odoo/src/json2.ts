import { Problem, Unanswered, type Io } from '@linchpin/connector'
import { post } from './http.ts'
import { explain } from './errors.ts'
import type { Settings } from './settings.ts'
import type { Transport } from './transport.ts'

/** Odoo 19 and later: named arguments, a bearer key, real HTTP codes. */
export function json2(settings: Settings, io: Io): Transport {
  const headers = {
    authorization: `bearer ${settings.apiKey}`,
    'x-odoo-database': settings.database,
  }
  return {
    name: 'json2',
    async call(model, method, { ids, args, context }) {
      const request = { ...args, ...(ids && { ids }), ...(context && { context }) }
      const { response, body } = await post(settings, io, `/json/2/${model}/${method}`, {
        body: request,
        headers,
      })
      if (response.ok) return body
      throw problemIn(response.status, body, `${model}.${method}`)
    },
  }
}

/** The body also has `debug`, a traceback that may quote our arguments: it is never looked at. */
function problemIn(status: number, body: unknown, call: string): Problem {
  const { name = '', message = '' } = (body ?? {}) as { name?: string; message?: string }
  if (status === 401)
    return new Problem('login', 'Odoo refused our API key (401). Make a new one and enter it here.')
  if (status === 409)
    return new Problem('conflict', `Someone else is changing the record in Odoo: ${message}`)
  if (status === 408 || status >= 500) return explain(name, message, call, Unanswered)
  return explain(name, message, call)
}
