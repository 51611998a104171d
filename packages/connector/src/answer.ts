import { Problem, Unanswered } from './problem.ts'

/** More than any remote has to tell at once; an answer without end must not fill our memory. */
const MOST_BYTES = 64 * 1024 * 1024

/**
 * The whole body of an answer. Throws Unanswered when it breaks off in the middle, since the request may well have
 * taken effect, and when it is larger than 64 MB.
 */
export async function bytesOf(response: Response, remote: string): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  let size = 0
  try {
    for await (const chunk of response.body ?? []) {
      size += chunk.length
      if (size > MOST_BYTES) throw new Unanswered('surprise', `${remote} answered more than 64 MB at once.`)
      chunks.push(chunk)
    }
  } catch (cause) {
    if (cause instanceof Problem) throw cause
    throw new Unanswered('passing', `The answer of ${remote} broke off in the middle.`, { cause })
  }
  return Buffer.concat(chunks)
}

/** The body as text, with the same limits. */
export async function textOf(response: Response, remote: string): Promise<string> {
  return Buffer.from(await bytesOf(response, remote)).toString('utf8')
}

/** What a text says in JSON; undefined when it is none, such as a web page. */
export function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return undefined
  }
}
