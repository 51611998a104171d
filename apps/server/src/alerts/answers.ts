import type { AlertLanguage, AlertMessageAnswer, ChannelAnswer, RuleAnswer } from '@linchpin/api'
import type { AlertChannel, AlertMessage, AlertRule } from '@linchpin/store'
import { iso, isoOrNull } from '../http/status.ts'
import { mailSettings } from './email.ts'

export function ruleAnswer({ madeAt: _, ...rule }: AlertRule): RuleAnswer {
  const { events, flows, connections, channels } = rule
  return {
    ...rule,
    events: [...events],
    flows: [...flows],
    connections: [...connections],
    channels: [...channels],
  }
}

export function channelAnswer({ id, name, kind, settings, language, ...state }: AlertChannel): ChannelAnswer {
  const mail = kind === 'email' ? mailSettings.parse(settings) : null
  return {
    id,
    name,
    kind,
    language: language as AlertLanguage,
    recipient: mail?.to.join(', ') ?? String(settings['host'] ?? ''),
    mail,
    sentAt: isoOrNull(state.sentAt),
    problem: state.problem,
    failedAt: isoOrNull(state.failedAt),
  }
}

export function messageAnswer(message: AlertMessage): AlertMessageAnswer {
  const { id, channel, channelName, recipient, ruleName, state, tries, problem } = message
  return {
    id,
    channel: { id: channel, name: channelName },
    recipient,
    rule: ruleName,
    items: message.items.map(({ is, event, flow, connection, words, count, worth, ...times }) => {
      const told = { is, event, flow, connection, words, count, worth: [...worth] }
      return { ...told, beganAt: iso(times.beganAt), endedAt: isoOrNull(times.endedAt) }
    }),
    madeAt: iso(message.madeAt),
    state,
    tries,
    nextAt: state === 'due' ? iso(message.nextAt) : null,
    problem,
    settledAt: isoOrNull(message.settledAt),
  }
}
