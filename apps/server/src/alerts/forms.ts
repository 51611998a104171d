import type { AlertMessage } from '@linchpin/store'
import { Webhook } from 'standardwebhooks'
import type { Letter } from './letter.ts'

/** A letter as each receiver wants it. All pure. */

export function asText({ lines, foot, open }: Letter): string {
  const parts = lines.map(({ title, detail, link }) => `${title}\n${detail}\n${open}: ${link}`)
  return `${[...parts, foot].filter(part => part !== '').join('\n\n')}\n`
}

/** Slack's own marks (https://api.slack.com/reference/surfaces/formatting): these three signs are written out. */
const slackText = (text: string) =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')

/** Slack takes at most 50 blocks of 3000 signs. */
const [MOST_LINES, MOST_SIGNS] = [40, 2_900]

/** The first lines of a letter, and how many more there are: they count as told, so nothing is left out in silence. */
function firstOf({ lines, more }: Letter, most: number): Letter['lines'] {
  return lines.length <= most ? lines : [...lines.slice(0, most), more(lines.length - most)]
}

export function asSlack(letter: Letter): unknown {
  const { subject, foot, open } = letter
  const section = (text: string) => ({
    type: 'section',
    text: { type: 'mrkdwn', text: text.slice(0, MOST_SIGNS) },
  })
  const blocks = firstOf(letter, MOST_LINES).map(({ title, detail, link }) =>
    section(`*${slackText(title)}*\n${slackText(detail)}\n<${link}|${slackText(open)}>`),
  )
  return { text: slackText(subject), blocks: [...blocks, ...(foot === '' ? [] : [section(slackText(foot))])] }
}

/**
 * Teams takes at most 28 KB
 * (https://learn.microsoft.com/microsoftteams/platform/webhooks-and-connectors/how-to/connectors-using), and refuses what
 * is larger for good (413). A little is left for what it may count besides.
 */
const MOST_BYTES = 26 * 1024

/** As many lines as fit. */
export function asTeams(letter: Letter): unknown {
  let most = Math.min(letter.lines.length, MOST_LINES)
  while (most > 0 && bytesOf(cardOf(letter, most)) > MOST_BYTES) most -= 1
  return cardOf(letter, most)
}

/** It is not said how Teams counts, and it was seen to count two bytes for each sign: whichever is more. */
function bytesOf(card: unknown): number {
  const text = JSON.stringify(card)
  return Math.max(Buffer.byteLength(text, 'utf8'), Buffer.byteLength(text, 'utf16le'))
}

/** An Adaptive Card, as the workflow "Post to a channel when a webhook request is received" takes it. */
function cardOf(letter: Letter, most: number): unknown {
  const { foot, open } = letter
  const text = (words: string, more: object = {}) => ({
    type: 'TextBlock',
    text: cardText(words),
    wrap: true,
    ...more,
  })
  const content = {
    $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
    type: 'AdaptiveCard',
    version: '1.4',
    body: [
      ...firstOf(letter, most).flatMap(({ title, detail, link }) => [
        text(title, { weight: 'Bolder', separator: true }),
        text(detail, { spacing: 'None', isSubtle: true }),
        { type: 'ActionSet', actions: [{ type: 'Action.OpenUrl', title: open, url: link }] },
      ]),
      ...(foot === '' ? [] : [text(foot, { isSubtle: true, separator: true })]),
    ],
  }
  const contentType = 'application/vnd.microsoft.card.adaptive'
  return { type: 'message', attachments: [{ contentType, contentUrl: null, content }] }
}

/** A card's text is Markdown: what a remote said makes no link in it. */
const cardText = (text: string) => text.replace(/[[\]()*_~`#<>\\]/g, sign => `\\${sign}`)

/** For programs: facts, not words in a language. */
export function asEvent({ id, ruleName, items, madeAt }: AlertMessage, publicUrl: string): unknown {
  const iso = (ms: number | null) => (ms === null ? null : new Date(ms).toISOString())
  return {
    type: ruleName === null ? 'linchpin.alert.test' : 'linchpin.alert',
    timestamp: iso(madeAt),
    data: {
      id,
      linchpin: publicUrl,
      rule: ruleName,
      items: items.map(({ beganAt, endedAt, ...item }) => ({
        ...item,
        beganAt: iso(beganAt),
        endedAt: iso(endedAt),
      })),
    },
  }
}

/** The headers of Standard Webhooks (https://www.standardwebhooks.com). */
export function signedHeaders(
  id: string,
  body: string,
  { secret, now }: { readonly secret: string; readonly now: number },
): Readonly<Record<string, string>> {
  const at = new Date(Math.floor(now / 1000) * 1000)
  return {
    'webhook-id': id,
    'webhook-timestamp': String(at.getTime() / 1000),
    'webhook-signature': new Webhook(secret).sign(id, at, body),
  }
}
