import { contentHash } from '@linchpin/model'

/** The note of a refund of ours: for people, and at its end the mark by which we know it after a lost answer. */
export const refundNote = (number: string, key: string): string =>
  `Credit note ${number.slice(0, 100)} · linchpin ${contentHash(key).slice(0, 16)}`

/** Which credit note it gives back the money of, if it is one of ours. */
export function creditNoteIn(note: string | null | undefined): string | null {
  return /^Credit note (.+) · linchpin [0-9a-f]{16}$/.exec(note ?? '')?.[1] ?? null
}
