import { InvalidArgumentError } from 'commander'

/** '1042,1043' */
export function listOf(text: string): string[] {
  const ids = text.split(',').map(id => id.trim())
  if (ids.includes('')) throw new InvalidArgumentError('Write ids with commas between: 1042,1043.')
  return ids
}
