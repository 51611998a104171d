import { createHmac } from 'node:crypto'
import { sameBytes } from '@linchpin/connector'
import type { EntityName } from '@linchpin/model'
import type { RecordKey, Store } from '@linchpin/store'

/**
 * Links to invoices for customers: signed, expiring, each for one document. The key is made from Linchpin's own, so a
 * link can be neither guessed nor changed, and nothing about it needs to be kept.
 */
export interface Documents {
  readonly urlOf: (connection: string, entity: string, id: string) => Promise<string | null>
  /** The document that a link stands for; null when it is forged or too old. */
  readonly open: (token: string, now: number) => RecordKey | null
}

export function createDocuments(options: {
  readonly store: Store
  readonly key: Uint8Array
  readonly publicUrl: string
  readonly linkDays: number
}): Documents {
  const { store, key, publicUrl, linkDays } = options
  return {
    async urlOf(connection, entity, id) {
      const file = await store.file({ connection, entity: entity as EntityName, id })
      if (file === null) return null
      // Counted from the day the file came, so that the same document has the same link whenever it is asked for.
      const expires = Math.floor(file.fetchedAt / DAY_MS) + linkDays + 1
      const claim = encode(JSON.stringify([connection, entity, id, expires]))
      return `${publicUrl}/documents/${claim}.${signature(key, claim)}`
    },
    open(token, now) {
      const [claim = '', signed = '', ...more] = token.split('.')
      if (more.length > 0 || !sameBytes(Buffer.from(signature(key, claim)), Buffer.from(signed))) return null
      const [connection, entity, id, expires] = JSON.parse(decode(claim)) as [
        string,
        EntityName,
        string,
        number,
      ]
      return now < expires * DAY_MS ? { connection, entity, id } : null
    },
  }
}

const DAY_MS = 86_400_000
const encode = (text: string) => Buffer.from(text).toString('base64url')
const decode = (text: string) => Buffer.from(text, 'base64url').toString()
const signature = (key: Uint8Array, claim: string) =>
  createHmac('sha256', key).update(`document ${claim}`).digest('base64url')
