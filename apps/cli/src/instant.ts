import { InvalidArgumentError } from 'commander'

/** An instant as an option names it, in its canonical form. */
export function instant(text: string): string {
  const at = Date.parse(text)
  if (Number.isNaN(at)) throw new InvalidArgumentError('Write it like 2026-11-23T00:00:00Z.')
  return new Date(at).toISOString()
}
