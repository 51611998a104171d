/** One word for a shell, whatever stands in it. */
export const quoted = (text: string) => `'${text.replaceAll("'", String.raw`'\''`)}'`

/** Plain words stay as they are, so that they read well. */
export const word = (text: string) => (/^[\w@%+=:,./-]+$/.test(text) ? text : quoted(text))

/** A place of a row and what shall stand there, as `linchpin correct --set` reads it. */
export function setWord({
  path,
  now,
}: {
  readonly path: readonly (string | number)[]
  readonly now: unknown
}) {
  const isPlain = typeof now === 'string' && !/^(true$|false$|null$|-?\d|["[{])/.test(now)
  return word(`${path.join('.')}=${isPlain ? now : JSON.stringify(now)}`)
}
