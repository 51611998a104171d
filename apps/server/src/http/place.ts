import type { RouteName } from '@linchpin/api'
import type { Linchpin } from '../linchpin.ts'
import { Refusal } from './problem.ts'
import type { Said } from './written.ts'

/** These do a page of what is asked for, and answer where the next one begins. */
const BY_PAGES: ReadonlySet<RouteName> = new Set(['sync', 'replay'])

/** Whoever comes back later asks for it anew. */
const GOES_ON_MS = 3_600_000

type Sealing = Pick<Linchpin, 'aliases' | 'digest' | 'wall'>

/**
 * What is done page by page is one thing that somebody asked for, and written down once. So the place where it goes on
 * leaves the house sealed, together with who asked for what: nobody makes one up, or goes on with something else.
 */
export function openPlace(
  { aliases, digest, wall }: Sealing,
  said: Said,
): { readonly input: Said['input']; readonly goesOn: boolean } {
  const { name, input } = said
  const { cursor } = input
  if (!BY_PAGES.has(name) || typeof cursor !== 'string') return { input, goesOn: false }
  const opened = aliases.opened(cursor) ?? ''
  // Not only places are sealed.
  const [asked, at, place] = opened.startsWith(SEAL) ? (JSON.parse(opened.slice(SEAL.length)) as Place) : []
  if (asked !== askedFor(said, digest) || at === undefined)
    throw new Refusal(
      400,
      'bad-request',
      'The cursor is none that this request was answered with. Leave it out (linchpin: without --from), and it begins anew.',
    )
  return { input: { ...input, cursor: place }, goesOn: wall() - at < GOES_ON_MS }
}

export function sealPlace<Answer>({ aliases, digest, wall }: Sealing, said: Said, answer: Answer): Answer {
  const { next } = answer as { next?: unknown }
  if (!BY_PAGES.has(said.name) || typeof next !== 'string') return answer
  const place: Place = [askedFor(said, digest), wall(), next]
  return { ...answer, next: aliases.sealed(SEAL + JSON.stringify(place)) }
}

const SEAL = 'place '
type Place = [asked: string, at: number, cursor: string]

function askedFor({ name, input, actor }: Said, digest: Linchpin['digest']): string {
  const { cursor: _cursor, ...asked } = input
  return Buffer.from(digest(JSON.stringify([name, asked, actor.kind, actor.id]))).toString('base64url')
}
