import type { AlertLanguage } from '@linchpin/api'
import { padMoney } from '@linchpin/model'
import type { AlertItem, AlertMessage } from '@linchpin/store'
import { alertWords, type AlertWords } from './words.ts'

/** What a message says to a person, whatever way it goes. */
export interface Letter {
  readonly subject: string
  readonly lines: readonly Line[]
  /** The rule that says it. */
  readonly foot: string
  readonly open: string
  /** Instead of so many lines, where a receiver does not take all of them. */
  readonly more: (count: number) => Line
}

interface Line {
  readonly is: AlertItem['is'] | 'test' | 'more'
  readonly title: string
  /** What Linchpin knows of it, and since when. */
  readonly detail: string
  readonly link: string
}

/** Pure: a message in words. */
export function letterOf(
  { items, ruleName }: Pick<AlertMessage, 'items' | 'ruleName'>,
  { language, publicUrl }: { readonly language: AlertLanguage; readonly publicUrl: string },
): Letter {
  const words = alertWords[language]
  const isTest = ruleName === null
  const lines: readonly Line[] = isTest
    ? [{ is: 'test', title: words.test, detail: words.testWords, link: `${publicUrl}/alerts` }]
    : items.map(item => lineOf(item, words, publicUrl))
  return {
    subject: `[Linchpin] ${subjectOf(items, lines, words)}`,
    lines,
    foot: isTest ? '' : filled(words.why, { rule: ruleName }),
    open: words.open,
    more: count => ({
      is: 'more',
      title: filled(words.more, { count }),
      detail: words.moreWords,
      link: `${publicUrl}/alerts`,
    }),
  }
}

function subjectOf(items: readonly AlertItem[], lines: readonly Line[], words: AlertWords): string {
  if (lines.length === 1) return lines[0]?.title ?? ''
  const began = items.filter(({ is }) => is === 'began').length
  return filled(words.some, { began, ended: items.length - began })
}

function lineOf(item: AlertItem, words: AlertWords, publicUrl: string): Line {
  const { is, flow, connection, count } = item
  const facts = { count, flow: flow ?? '', connection: connection ?? '' }
  const worth = item.worth.map(({ amount, currency }) => `${padMoney(amount, currency)} ${currency}`)
  const when =
    item.endedAt === null
      ? filled(words.since, { at: timeOf(item.beganAt) })
      : filled(words.until, { from: timeOf(item.beganAt), at: timeOf(item.endedAt) })
  return {
    is,
    title: `${words[is]}: ${filled(words.event[kindOf(item)], facts)}`,
    detail: [...worth, item.words, when].filter(text => text !== '').join(' · '),
    link: `${publicUrl}${pathOf(item)}`,
  }
}

function kindOf({ event, count, connection, words }: AlertItem): keyof AlertWords['event'] {
  if (event === 'run' && count === 0) return 'missed'
  if (event === 'trouble' && words) return 'unread'
  return event === 'expiring' && connection !== null ? 'credential' : event
}

/** '2026-11-25 09:12 UTC': a message is read where nobody knows the reader's clock. */
const timeOf = (ms: number) => `${new Date(ms).toISOString().slice(0, 16).replace('T', ' ')} UTC`

const PATHS: Readonly<Partial<Record<AlertItem['event'], (item: AlertItem) => string>>> = {
  parked: ({ cause }) => `/parked/${encodeURIComponent(cause.replace(/^parked /, ''))}`,
  differences: ({ flow }) => `/compare/${encodeURIComponent(flow ?? '')}`,
}

function pathOf(item: AlertItem): string {
  const own = PATHS[item.event]
  if (own) return own(item)
  const { flow, connection } = item
  if (flow !== null) return `/flows/${encodeURIComponent(flow)}`
  // Only an API key is about neither.
  return connection === null ? '/api-keys' : `/connections/${encodeURIComponent(connection)}`
}

function filled(text: string, facts: Readonly<Record<string, string | number>>): string {
  return text.replace(/\{\{(\w+)\}\}/g, (_all, name: string) => String(facts[name] ?? ''))
}
