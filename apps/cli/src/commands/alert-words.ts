import type { AlertMessageAnswer, ChannelAnswer, RuleAnswer } from '@linchpin/api'
import { ago, table } from '../output.ts'

export function alertsInWords(
  { rules, channels }: { readonly rules: readonly RuleAnswer[]; readonly channels: readonly ChannelAnswer[] },
  now: number,
): string {
  if (channels.length === 0)
    return 'Nobody is told of anything yet. Make a channel first: linchpin alerts channel add --help'
  const parts = [channelTable(channels, now), rules.length === 0 ? NO_RULE : ruleTable(rules, channels)]
  return parts.join('\n\n')
}

const NO_RULE = 'No rule says yet what is told. Make one: linchpin alerts rule add --help'

function channelTable(channels: readonly ChannelAnswer[], now: number): string {
  const rows = channels.map(each => {
    const state =
      each.problem ?? (each.sentAt === null ? 'not used yet' : `got through ${ago(each.sentAt, now)}`)
    return [each.id, each.name, each.kind, each.recipient, state]
  })
  return table(['CHANNEL', 'NAME', 'KIND', 'TO', 'STATE'], rows)
}

function ruleTable(rules: readonly RuleAnswer[], channels: readonly ChannelAnswer[]): string {
  const rows = rules.map(rule => {
    const about = [...rule.flows, ...rule.connections]
    const names = rule.channels.map(id => channels.find(each => each.id === id)?.name ?? id)
    return [
      rule.id,
      rule.active ? rule.name : `${rule.name} (off)`,
      rule.events.join(' '),
      about.join(' ') || 'everything',
      names.join(', '),
      whenOf(rule),
    ]
  })
  return table(['RULE', 'NAME', 'TELLS OF', 'ABOUT', 'BY', 'WHEN'], rows)
}

function whenOf({ digest, quiet, waitMinutes }: RuleAnswer): string {
  const collected =
    digest === null
      ? 'at once'
      : 'minutes' in digest
        ? `every ${digest.minutes} min`
        : `daily at ${digest.daily} (${digest.zone})`
  const lasting = waitMinutes === 0 ? [] : [`after ${waitMinutes} min`]
  const silent = quiet === null ? [] : [`quiet ${quiet.from}-${quiet.to} (${quiet.zone})`]
  return [collected, ...lasting, ...silent].join(', ')
}

export function messagesInWords(messages: readonly AlertMessageAnswer[], now: number): string {
  if (messages.length === 0) return 'Nothing was told yet.'
  const rows = messages.map(each => [
    ago(each.madeAt, now),
    each.rule ?? '(a test)',
    each.channel.name,
    each.recipient,
    each.problem === null ? each.state : `${each.state}: ${each.problem}`,
    each.items
      .map(
        ({ is, event, flow, connection, count }) => `${is} ${event} ${flow ?? connection ?? ''} (${count})`,
      )
      .join('; '),
  ])
  return table(['WHEN', 'RULE', 'CHANNEL', 'TO', 'STATE', 'WHAT'], rows)
}
