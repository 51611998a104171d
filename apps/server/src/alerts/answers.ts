import type { AlertLanguage, AlertMessageAnswer, ChannelAnswer, RuleAnswer } from '@linchpin/api'
import type { AlertChannel, AlertMessage, AlertRule } from '@linchpin/store'
import { iso, isoOrNull } from '../http/status.ts'
import { z } from 'zod'
import { mailSettings } from './email.ts'

const hostSettings = z.object({ host: z.string() })

export function ruleAnswer(rule: AlertRule): RuleAnswer {
  const { id, name, active, events, flows, connections, channels } = rule
  const { waitMinutes, behind, recovery, digest, quiet } = rule
  const lists = {
    events: [...events],
    flows: [...flows],
    connections: [...connections],
    channels: [...channels],
  }
  return { id, name, active, ...lists, waitMinutes, behind, recovery, digest, quiet }
}

export function channelAnswer({ id, name, kind, settings, language, ...state }: AlertChannel): ChannelAnswer {
  const mail = kind === 'email' ? mailSettings.parse(settings) : null
  return {
    id,
    name,
    kind,
    language: language as AlertLanguage,
    recipient: mail?.to.join(', ') ?? hostSettings.parse(settings).host,
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
