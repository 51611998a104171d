import { hash, verify } from '@node-rs/argon2'

/** Argon2id is the library's default. OWASP's second choice for Argon2id: 19 MiB, two passes, one lane. About 30 ms a password on our two cores. */
const EFFORT = { memoryCost: 19_456, timeCost: 2, parallelism: 1 }

export const hashPassword = (password: string): Promise<string> => hash(password, EFFORT)

/** Whose password is not known gets the same effort: how long it takes tells nobody who is known here. */
export async function passwordIs(given: string, kept: string | null): Promise<boolean> {
  const right = await verify(kept ?? (await nobodys()), given)
  return right && kept !== null
}

let made: Promise<string> | null = null
const nobodys = () => (made ??= hashPassword('the password of nobody'))
