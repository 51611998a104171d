import { createHash, randomBytes } from 'node:crypto'

/** 256 bits that nobody can guess; whoever shows them is let in, so only their digest is kept. */
export const newToken = (): string => randomBytes(32).toString('base64url')

/** None begins with a dash: the command line would take it for an option. */
export const newId = (): string => randomBytes(9).toString('hex')

/** No salt and no effort: what has 256 bits of chance in it cannot be found by trying. */
export const digestOf = (token: string): Buffer => createHash('sha256').update(token).digest()

/** What keys begin with: whoever finds one knows what it is, and scanners for leaked secrets do. */
export const KEY_MARK = 'lp_'
