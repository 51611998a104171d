import { isIP } from 'node:net'
import type { AlertMessage } from '@linchpin/store'
import { createTransport } from 'nodemailer'
import { z } from 'zod'
import { codeOf, Unsent, type Egress } from './egress.ts'
import { asText } from './forms.ts'
import type { Letter } from './letter.ts'

export const mailSettings = z.object({
  host: z.string(),
  port: z.number(),
  secure: z.enum(['tls', 'starttls', 'none']),
  user: z.string().nullable(),
  from: z.string(),
  to: z.array(z.string()),
})

/** For each step of the conversation. */
const TIMEOUT_MS = 15_000
/** For all of it: well within the lease, after which another node sends the mail too. A slow server may stretch every step. */
const DEADLINE_MS = 45_000

/** One mail to all of its receivers, by the operator's own mail server, until the signal ends it. Throws Unsent. */
export async function sendMail(
  {
    message,
    letter,
    settings,
    password,
  }: {
    readonly message: Pick<AlertMessage, 'id'>
    readonly letter: Letter
    readonly settings: unknown
    readonly password: string | null
  },
  egress: Pick<Egress, 'addressesOf'>,
  signal: AbortSignal = AbortSignal.timeout(DEADLINE_MS),
): Promise<void> {
  const { host, port, secure, user, from, to } = mailSettings.parse(settings)
  const [address = host] = await egress.addressesOf(host)
  const transport = createTransport({
    // The address that was looked at; its certificate is still that of the name.
    host: address,
    ...(isIP(host) === 0 ? { tls: { servername: host } } : {}),
    port,
    secure: secure === 'tls',
    requireTLS: secure === 'starttls',
    ignoreTLS: secure === 'none',
    ...(user === null ? {} : { auth: { user, pass: password ?? '' } }),
    connectionTimeout: TIMEOUT_MS,
    greetingTimeout: TIMEOUT_MS,
    socketTimeout: TIMEOUT_MS,
    disableFileAccess: true,
    disableUrlAccess: true,
  })
  try {
    await transport.sendMail({
      messageId: `<${message.id}@linchpin>`,
      from,
      to,
      subject: letter.subject,
      text: asText(letter),
      // No "I am on holiday" comes back (RFC 3834).
      headers: { 'Auto-Submitted': 'auto-generated' },
      signal,
    })
  } catch (error) {
    if (signal.aborted) throw new Unsent(`${host} did not take the mail in time.`)
    throw unsent(host, error)
  } finally {
    transport.close()
  }
}

function unsent(host: string, error: unknown): Unsent {
  const { code, responseCode } = (error ?? {}) as { code?: string; responseCode?: number }
  if (code === 'EAUTH') return new Unsent(`${host} refuses our user name or password.`)
  if (responseCode !== undefined) return new Unsent(`${host} did not take the mail (${responseCode}).`)
  return new Unsent(`${host} could not be spoken to${codeOf(error)}.`)
}
