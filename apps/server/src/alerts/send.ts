import type { AlertLanguage } from '@linchpin/api'
import { ownerOfAlertSecrets, type AlertChannel, type AlertMessage } from '@linchpin/store'
import type { Linchpin } from '../linchpin.ts'
import { Unsent } from './egress.ts'
import { sendMail } from './email.ts'
import { asEvent, asSlack, asTeams, signedHeaders } from './forms.ts'
import { letterOf } from './letter.ts'

export type Outlet = Pick<Linchpin, 'store' | 'keyring' | 'egress' | 'publicUrl' | 'now'>

/** Sends a message by its channel. Throws Unsent. */
export async function send(message: AlertMessage, channel: AlertChannel, outlet: Outlet): Promise<void> {
  const { egress, publicUrl, now } = outlet
  const letter = letterOf(message, { language: channel.language as AlertLanguage, publicUrl })
  const secret = (name: string) => secretOf(channel.id, name, outlet)
  const post = async (body: unknown, headersOf = (_text: string): Record<string, string> => ({})) => {
    const text = JSON.stringify(body)
    const headers = { 'content-type': 'application/json', 'user-agent': 'Linchpin', ...headersOf(text) }
    await egress.post(await needed(secret('secretUrl')), headers, text)
  }
  switch (channel.kind) {
    case 'email':
      return sendMail(
        { message, letter, settings: channel.settings, password: await secret('password') },
        egress,
      )
    case 'slack':
      return post(asSlack(letter))
    case 'teams':
      return post(asTeams(letter))
    case 'webhook': {
      const key = await needed(secret('secret'))
      return post(asEvent(message, publicUrl), text =>
        signedHeaders(message.id, text, { secret: key, now: now() }),
      )
    }
  }
}

/** Null: none was entered. */
export async function secretOf(
  channel: string,
  name: string,
  { store, keyring }: Pick<Linchpin, 'store' | 'keyring'>,
): Promise<string | null> {
  const connection = ownerOfAlertSecrets(channel)
  const sealed = await store.secret(connection, name)
  return sealed === null ? null : keyring.open({ connection, name }, sealed)
}

async function needed(secret: Promise<string | null>): Promise<string> {
  const value = await secret
  if (value === null) throw new Unsent('A secret of this channel is missing. Enter it again.')
  return value
}
