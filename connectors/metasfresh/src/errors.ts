import { z } from 'zod'

/** What went wrong, in metasfresh's words: { errors: [{ message, userFriendlyError, … }] }, or one such item alone. */
export function wordsOf(body: unknown): string {
  const several = z.looseObject({ errors: z.array(item) }).safeParse(body)
  const one = item.safeParse(body)
  const items = several.success ? several.data.errors : one.success ? [one.data] : []
  return items
    .map(({ message }) => message ?? '')
    .filter(Boolean)
    .join(' ')
    .slice(0, 500)
}

const item = z.looseObject({ message: z.string().nullish() })
