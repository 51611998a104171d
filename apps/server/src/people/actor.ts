import type { Right } from '@linchpin/api'

/** Who asks. */
export interface Actor {
  readonly kind: 'person' | 'key' | 'token' | 'machine' | 'nobody'
  /** Of the person or the key. */
  readonly id: string
  readonly name: string
  readonly rights: readonly Right[]
  /** The session that they come with. */
  readonly session: string | null
}

export const NOBODY: Actor = { kind: 'nobody', id: '', name: 'nobody', rights: [], session: null }
