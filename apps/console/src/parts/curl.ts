import type { Command } from './commands.ts'
import { quoted, word } from './shell-words.ts'

/** What is posted, as curl does it, to the Linchpin that this page comes from. */
export function curlOf(
  { path, body, bodies = [] }: Command,
  { origin, hostname }: { readonly origin: string; readonly hostname: string },
): string {
  const known = ON_THIS_MACHINE.has(hostname) ? '' : ` -H "authorization: Bearer $LINCHPIN_TOKEN"`
  const head = `curl -X POST ${word(`${origin}/api/v1${path}`)}${known} -H 'content-type: application/json'`
  const posts = [body, ...bodies].map(each => `${head} -d ${quoted(JSON.stringify(each))}`)
  return posts.join(' && ')
}

/** There, programs need no key. */
const ON_THIS_MACHINE = new Set(['127.0.0.1', 'localhost', '[::1]'])
