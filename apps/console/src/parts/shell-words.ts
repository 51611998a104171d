/** One word for a shell, whatever stands in it. */
export const quoted = (text: string) => `'${text.replaceAll("'", String.raw`'\''`)}'`

/** Plain words stay as they are, so that they read well. */
export const word = (text: string) => (/^[\w@%+=:,./-]+$/.test(text) ? text : quoted(text))

export interface Key {
  readonly connection: string
  readonly entity: string
  readonly id: string
}

/** Where the API has a record. */
export const recordPath = ({ connection, entity, id }: Key) =>
  `/records/${[connection, entity, id].map(encodeURIComponent).join('/')}`

/** A record as the command line names it. */
export const recordWords = ({ connection, entity, id }: Key) => [connection, entity, id].map(word).join(' ')

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
