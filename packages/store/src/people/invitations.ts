import { at, type Db } from '../db.ts'

/** A one-time link. `person` null: whoever uses it becomes the first person; older such links end. */
export async function invite(
  db: Db,
  invitation: { readonly digest: Uint8Array; readonly person: string | null; readonly expiresAt: number },
): Promise<void> {
  const { digest, person, expiresAt } = invitation
  await db.transaction(async query => {
    await query('end-invitations', 'delete from invitation where person is not distinct from $1', [person])
    await query('invite', 'insert into invitation (digest, person, expires_at) values ($1, $2, $3)', [
      Buffer.from(digest),
      person,
      at(expiresAt),
    ])
  })
}

/** A sign-in that begins at an OpenID provider: what its answer is held against. */
export async function beginOidc(
  db: Db,
  begun: { digest: Uint8Array; verifier: string; nonce: string; expiresAt: number },
): Promise<void> {
  await db.query(
    'begin-oidc',
    'insert into oidc_try (digest, verifier, nonce, expires_at) values ($1, $2, $3, $4)',
    [Buffer.from(begun.digest), begun.verifier, begun.nonce, at(begun.expiresAt)],
  )
}

export async function endOidc(
  db: Db,
  digest: Uint8Array,
  now: number,
): Promise<{ readonly verifier: string; readonly nonce: string } | null> {
  const [row] = await db.query<{ verifier: string; nonce: string }>(
    'end-oidc',
    'delete from oidc_try where digest = $1 and expires_at > $2 returning verifier, nonce',
    [Buffer.from(digest), at(now)],
  )
  return row ?? null
}
