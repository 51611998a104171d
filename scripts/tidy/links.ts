import { existsSync } from 'node:fs'
import { posix } from 'node:path'
import type { File } from '../tidy.ts'

type Exists = (path: string) => boolean

/** Links in Markdown that lead nowhere: to a file that is not there, or to a heading that it does not have. */
export function deadLinks(files: readonly File[], exists: Exists = existsSync): readonly string[] {
  const texts = new Map(files.map(({ path, text }) => [path, text]))
  return files
    .filter(({ path }) => path.endsWith('.md'))
    .flatMap(({ path, text }) =>
      linksIn(text)
        .filter(link => !leadsSomewhere(path, link, texts, exists))
        .map(link => `${path}: the link to ${link} leads nowhere`),
    )
}

function leadsSomewhere(
  from: string,
  link: string,
  texts: ReadonlyMap<string, string>,
  exists: Exists,
): boolean {
  if (/^[a-z][a-z0-9+.-]*:/i.test(link)) return true
  const [file = '', heading] = link.split('#')
  const target = file === '' ? from : posix.join(posix.dirname(from), decodeURIComponent(file))
  if (target.startsWith('..') || !(texts.has(target) || exists(target))) return false
  const text = texts.get(target)
  return heading === undefined || text === undefined || headingsIn(text).has(heading)
}

function linksIn(text: string): readonly string[] {
  return [...prose(text).matchAll(/\]\(\s*<?([^)\s>]+)>?(?:\s+"[^"]*")?\s*\)/g)].map(([, link = '']) => link)
}

/** As GitHub and most others name them. */
function headingsIn(text: string): ReadonlySet<string> {
  const slugs = [...prose(text).matchAll(/^#{1,6}\s+(.+?)\s*#*$/gm)].map(([, title = '']) =>
    title
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .replace(/\s/g, '-'),
  )
  return new Set(slugs)
}

/** Without code: what stands there is an example. A heading keeps the words of its code. */
function prose(text: string): string {
  return text
    .replace(/^(```|~~~)[\s\S]*?^\1/gm, '')
    .replace(/`([^`\n]*)`/g, (_, words: string) => words.replace(/\]\(/g, ''))
}
