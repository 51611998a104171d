import { Problem } from '../problem.ts'

/** The one of these that the settings name, or the only one. `what` is 'stock location'. */
export function chosen(
  { shop, what }: { readonly shop: string; readonly what: string },
  all: readonly { readonly id: string; readonly name: string }[],
  wanted: string | undefined,
): string {
  const named = all.find(({ id, name }) => name === wanted || id === wanted)
  if (named) return named.id
  const [first, second] = all
  if (wanted === undefined && first && !second) return first.id
  const names = all.map(({ name }) => `'${name}'`).join(', ') || 'none'
  throw new Problem(
    'settings',
    wanted === undefined
      ? `${shop} has several ${what}s (${names}). Say in the settings which one to use.`
      : `${shop} has no ${what} '${wanted}'; it has ${names}. Correct it in the settings.`,
  )
}
