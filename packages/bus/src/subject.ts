/**
 * One part of a subject: letters, digits, `-` and `_` stay as they are. Everything else (dots, spaces, wildcards) would
 * change what the subject means, so such a part is written in base64url, with `=` before it, which no plain part has.
 */
function part(text: string): string {
  return /^[\w-]+$/.test(text) ? text : `=${Buffer.from(text).toString('base64url')}`
}

export function subjectOf(...parts: readonly string[]): string {
  return parts.map(part).join('.')
}

/** Whether a filter (`*` for one part, `>` for all that follow) is about this subject. */
export function matches(filter: string, subject: string): boolean {
  const [wanted, given] = [filter.split('.'), subject.split('.')]
  const open = wanted.at(-1) === '>'
  const fixed = open ? wanted.slice(0, -1) : wanted
  if (open ? given.length <= fixed.length : given.length !== fixed.length) return false
  return fixed.every((each, index) => each === '*' || each === given[index])
}
