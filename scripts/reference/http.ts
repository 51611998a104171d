import { may, routes, type Route, type RouteName } from '@linchpin/api'
import { z } from 'zod'
import { page, table } from './markdown.ts'
import { defaultOf, wordsOf, type JsonSchema } from './schema-words.ts'

export function httpPage(): string {
  const all = Object.entries(routes) as [RouteName, Route][]
  const list = all.map(([name, route]) => [
    `[\`${route.method} /api/v1${route.path}\`](#${name.toLowerCase()})`,
    route.summary,
  ])
  return page('HTTP', INTRO, '## The API', API, table(['', ''], list), ...all.map(section))
}

const INTRO = `Linchpin answers at \`http.host\` and \`http.port\`, \`http://127.0.0.1:8484\` when nothing else is configured. Behind a
proxy: [how to](../how-to/put-it-behind-a-proxy.md).

| | for whom | |
| --- | --- | --- |
| \`POST /webhooks/{connection}\` | shops and ERPs | signed by the sender. 202 after the notification is kept; 401 when the signature is missing or wrong; 404 when that connection takes no webhooks; 413 above 5 MB |
| \`GET /documents/{link}\` | customers of the shop | an invoice by its signed link, until the link expires (\`documents.linkDays\`). 404 for whatever is not valid |
| \`GET /healthz\` | whoever watches the process | 200 while the process lives |
| \`GET /readyz\` | whoever sends it work | 200 when the database answers, else 503 |
| \`GET /metrics\` | Prometheus | see [monitoring](../operating/monitoring.md) |
| \`GET /api/v1/events\` | pages that wait for news | server-sent events: \`changed\`, whenever something happened, with the number of the journal's last entry |
| \`/api/v1/…\` | the command line and programs of yours | below; as a document: \`/api/v1/openapi.json\`, [openapi.json](openapi.json) |`

const API = `JSON in, JSON out. Times are UTC instants, amounts are decimal texts with their currency. Every input is checked strictly:
a field that the route does not know is an error.

**Sign-in.** Programs send an [API key](../how-to/people-and-rights.md) or \`http.token\`: \`Authorization: Bearer …\`. The console
sends the cookie of a session. With neither \`http.token\` nor \`http.publicUrl\` configured, programs on this machine may use
the API unasked: a request that carries an \`Origin\`, or a \`Host\` other than this machine, is refused with 401. Each
route says the right that it takes; whoever lacks it gets 403.

**Page by page.** What a whole source is read for (\`sync\`, \`replay\`, \`plan\`, \`match\`) is done a page a request: \`next\` is
where the next one begins, to be sent as \`cursor\` with the same request; null, that was the last. A \`sync\` or \`replay\` that
goes on within an hour is written into the audit log once, with its first page; nobody else, and nothing else, goes on with
that \`next\`.

**Again.** A \`POST\` with an \`Idempotency-Key\` is done once in 24 hours, and answered alike when it is sent again. Every
\`GET\` carries an \`ETag\`: with \`If-None-Match\` it answers 304. A \`POST\` at the same address takes it as
\`If-Match\`, and answers 412 when that has changed meanwhile.

**Errors** are \`application/problem+json\` (RFC 9457): \`status\`, a stable \`code\` for programs, \`detail\` for people.`

function section([name, route]: readonly [RouteName, Route]): string {
  const inputs = [
    ...fieldsOf('path', route.params),
    ...fieldsOf('query', route.query),
    ...fieldsOf('body', route.body),
  ]
  return [
    `### ${name}`,
    `\`${route.method} /api/v1${route.path}\`. ${route.summary}. ${whoMay(name)}`,
    inputs.length === 0 ? '' : table(['field', 'in', 'takes', 'when left out'], inputs),
    `Answers ${wordsOf(jsonSchema(route.answer, 'output'))}.`,
  ]
    .filter(Boolean)
    .join('\n\n')
}

function whoMay(name: RouteName): string {
  const rule = may[name]
  if (rule === 'anyone') return 'For anyone.'
  return rule === 'signed in' ? 'For whoever is signed in.' : `Takes the right \`${rule}\`.`
}

function fieldsOf(where: string, shape: z.ZodType): readonly (readonly string[])[] {
  const schema = jsonSchema(shape, 'input')
  return Object.entries(schema.properties ?? {}).map(([name, property]) => [
    `\`${name}\``,
    where,
    wordsOf(property),
    schema.required?.includes(name) ? 'needed' : defaultOf(property) || 'not used',
  ])
}

function jsonSchema(shape: z.ZodType, io: 'input' | 'output'): JsonSchema {
  return z.toJSONSchema(shape, { io, unrepresentable: 'any' }) as JsonSchema
}
