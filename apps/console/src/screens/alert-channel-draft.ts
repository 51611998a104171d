import type { AlertLanguage, ChangedChannel, ChannelAnswer, ChannelKindName } from '@linchpin/api'
import { alertLanguages } from '@linchpin/api/alert-names'

/** A channel as it stands in its form. */
export interface Draft {
  readonly name: string
  readonly kind: ChannelKindName
  readonly language: AlertLanguage
  readonly secretUrl: string
  readonly secret: string
  readonly host: string
  readonly port: number
  readonly secure: 'starttls' | 'tls' | 'none'
  readonly user: string
  readonly password: string
  readonly from: string
  readonly to: string
}

export function draftOf(of: ChannelAnswer | null, language: string): Draft {
  const secrets = { secretUrl: '', secret: '', password: '' }
  const mail = of?.mail ?? { host: '', port: 587, secure: 'starttls' as const, user: null, from: '', to: [] }
  const own = alertLanguages.find(each => each === language) ?? 'en'
  return {
    name: of?.name ?? '',
    kind: of?.kind ?? 'email',
    language: of?.language ?? own,
    ...secrets,
    ...mail,
    user: mail.user ?? '',
    to: mail.to.join(', '),
  }
}

/** What was left empty is not sent: secrets then stay as they are. A password may begin or end with a space. */
export function bodyOf(draft: Draft): ChangedChannel {
  const { kind, language, password, user } = draft
  const [secretUrl, secret] = [draft.secretUrl.trim(), draft.secret.trim()]
  const head = { name: draft.name, language }
  const url = secretUrl === '' ? {} : { secretUrl }
  if (kind === 'webhook') return { kind, ...head, ...url, ...(secret === '' ? {} : { secret }) }
  if (kind !== 'email') return { kind, ...head, ...url }
  const { host, port, secure, from } = draft
  const to = draft.to.split(/[\s,;]+/).filter(each => each !== '')
  const access = { ...(user === '' ? {} : { user }), ...(password === '' ? {} : { password }) }
  return { kind, ...head, host, port, secure, from, to, ...access }
}
