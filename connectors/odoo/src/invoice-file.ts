import { bytesOf, Problem, type File } from '@linchpin/connector'
import { needNumber, readRows, type Session } from './client.ts'
import { ask, post, urlOf } from './http.ts'
import { papersOf } from './invoice-rows.ts'

/**
 * The printed invoice: the one that Odoo keeps since it was printed or sent, else one printed now, which Odoo does
 * only for a user who signed in with a password. Null when there is neither.
 */
export async function invoiceFile(session: Session, id: string): Promise<File | null> {
  const move = needNumber(id, 'Invoice')
  const [row] = await readRows(session, 'account.move', [move], ['name', 'state'])
  if (!row || row['state'] === 'draft') return null
  const paper = (await papersOf(session, [move])).get(move)
  if (paper) return kept(session, paper.id)
  if (session.settings.password === undefined) return null
  return {
    name: `${plainName(String(row['name']))}.pdf`,
    mediaType: 'application/pdf',
    bytes: await printed(session, move),
  }
}

async function kept(session: Session, attachment: number): Promise<File | null> {
  const [row] = await readRows(session, 'ir.attachment', [attachment], ['name', 'datas'])
  if (typeof row?.['datas'] !== 'string') return null
  return {
    name: plainName(String(row['name'])),
    mediaType: 'application/pdf',
    bytes: Buffer.from(row['datas'], 'base64'),
  }
}

/** Invoice numbers have slashes, and names of files must not. */
function plainName(name: string): string {
  return name.replace(/[/\\]/g, '_')
}

async function printed(session: Session, move: number): Promise<Uint8Array> {
  const { io, settings } = session
  const cookie = await signIn(session)
  const response = await ask(io, urlOf(settings, `/report/pdf/account.report_invoice/${move}`), {
    headers: { cookie },
    redirect: 'manual',
    signal: io.signal,
  })
  const bytes = await bytesOf(response, 'Odoo')
  if (response.ok && Buffer.from(bytes.slice(0, 4)).toString('latin1') === '%PDF') return bytes
  throw new Problem(
    'passing',
    `Odoo did not print the invoice (${response.status}). It needs wkhtmltopdf for that.`,
  )
}

async function signIn({ settings, io }: Session): Promise<string> {
  const { database: db, login, password } = settings
  const { response, body } = await post(settings, io, '/web/session/authenticate', {
    body: { jsonrpc: '2.0', method: 'call', params: { db, login, password } },
  })
  const cookies = response.headers.getSetCookie().map(cookie => cookie.split(';')[0])
  const { error } = (body ?? {}) as { error?: unknown }
  if (!error && response.ok && cookies.length > 0) return cookies.join('; ')
  throw new Problem('login', 'Odoo refused our password, which it needs to print invoices. Enter it again.')
}
