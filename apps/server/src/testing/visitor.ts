import { createClient, type Client } from '@linchpin/api'

export interface Visitor {
  readonly api: Client
  /** What the server told the browser to keep, with its attributes; null: nothing yet. */
  readonly setCookie: () => string | null
  /** As it is sent back. */
  readonly cookie: () => string
}

/** Somebody at a page of ours in a browser: it keeps the cookies that it is given, and says where a call comes from. */
export function visitor(url: string): Visitor {
  let kept: string | null = null
  const cookie = () => kept?.split(';')[0] ?? ''
  const api = createClient({
    url,
    async fetch(address, init) {
      const headers = { ...(init.headers as object), 'sec-fetch-site': 'same-origin', cookie: cookie() }
      const answer = await fetch(address, { ...init, headers })
      kept = answer.headers.getSetCookie().at(-1) ?? kept
      return answer
    },
  })
  return { api, setCookie: () => kept, cookie }
}
