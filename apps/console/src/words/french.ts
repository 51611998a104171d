/** In French a space that does not break stands before high marks, and inside of quotation marks. */
export function spaced<Tree extends object>(tree: Tree): Tree {
  const entries = Object.entries(tree).map(([name, value]: [string, unknown]) => [
    name,
    typeof value === 'string' ? unbroken(value) : spaced(value as object),
  ])
  return Object.fromEntries(entries) as Tree
}

const unbroken = (text: string) => text.replace(/ (?=[:;?!»])|(?<=«) /g, '\u00A0')
