import { promisify } from 'node:util'
import { brotliDecompress, gunzip, inflate, inflateRaw, type ZlibOptions } from 'node:zlib'
import { request, type Dispatcher } from 'undici'

/** No page of records and no invoice comes near it; a remote that sends more would fill our memory. In bytes. */
export const MOST_BYTES = 20 * 1024 * 1024

/**
 * One request and its whole answer; half an answer is none, nor is one that is packed and lacks its end. Else like `fetch`
 * that follows no redirection, for a third of its processor time: nothing is streamed, since nobody here wants a part of an
 * answer. Throws what undici throws.
 */
export async function exchange(
  url: string,
  init: RequestInit,
  { dispatcher, signal }: { readonly dispatcher: Dispatcher; readonly signal: AbortSignal },
): Promise<Response> {
  const { headers, body } = await sent(url, init)
  const method = (init.method ?? 'GET').toUpperCase() as Dispatcher.HttpMethod
  const answer = await request(url, { method, headers: { ...OURS, ...headers }, body, dispatcher, signal })
  const received = Buffer.from(await answer.body.arrayBuffer())
  const bytes = await decoded(received, String(answer.headers['content-encoding'] ?? ''))
  return wholeAnswer(bytes, {
    status: answer.statusCode,
    statusText: answer.statusText,
    headers: headersOf(answer.headers),
  })
}

const OURS = { accept: '*/*', 'accept-encoding': 'gzip, br', 'user-agent': 'Linchpin' }

/** What most send is sent as it is; a form, or text without a type, as the standard has it. */
async function sent(url: string, { headers, body = null }: RequestInit) {
  const named = Object.fromEntries(new Headers(headers))
  if (body === null) return { headers: named, body: null }
  const isReady = typeof body === 'string' || body instanceof Uint8Array
  if (isReady && 'content-type' in named) return { headers: named, body }
  const whole = new Request(url, { method: 'POST', headers: named, body })
  return { headers: Object.fromEntries(whole.headers), body: new Uint8Array(await whole.arrayBuffer()) }
}

const DECODERS = new Map<string, (bytes: Buffer, options: ZlibOptions) => Promise<Buffer>>([
  ['gzip', promisify(gunzip)],
  ['x-gzip', promisify(gunzip)],
  ['deflate', inflateAny],
  ['br', (bytes, { maxOutputLength }) => promisify(brotliDecompress)(bytes, { maxOutputLength })],
])

/** Some send it as the standard has it, with a head, and some without; the head begins with an 8. */
function inflateAny(bytes: Buffer, options: ZlibOptions): Promise<Buffer> {
  const hasHead = ((bytes[0] ?? 0) & 0x0f) === 8
  return hasHead ? promisify(inflate)(bytes, options) : promisify(inflateRaw)(bytes, options)
}

async function decoded(bytes: Buffer, encodings: string): Promise<Buffer> {
  let whole = bytes
  for (const encoding of encodings.toLowerCase().split(',').reverse()) {
    const decode = DECODERS.get(encoding.trim())
    if (decode && whole.byteLength > 0) whole = await decode(whole, { maxOutputLength: MOST_BYTES })
  }
  return whole
}

function headersOf(received: Readonly<Record<string, string | string[] | undefined>>): Headers {
  const headers = new Headers()
  for (const [name, value = []] of Object.entries(received))
    if (!ENCODED.has(name)) for (const each of [value].flat()) headers.append(name, each)
  return headers
}

/** They tell of the body as it travelled, which is decoded by now. */
const ENCODED = new Set(['content-encoding', 'content-length', 'transfer-encoding'])

/** An answer whose bytes are all here: it is read without a stream, as often as one likes. */
function wholeAnswer(bytes: Buffer, init: ResponseInit): Response {
  const streamed = () => new Response(bytes.byteLength === 0 ? null : new Uint8Array(bytes), init)
  const text = async () => new TextDecoder().decode(bytes)
  return Object.defineProperties(new Response(null, init), {
    text: { value: text },
    json: { value: async (): Promise<unknown> => JSON.parse(await text()) },
    arrayBuffer: { value: async () => new Uint8Array(bytes).buffer },
    blob: { value: () => streamed().blob() },
    formData: { value: () => streamed().formData() },
    body: { get: () => streamed().body },
    clone: { value: () => wholeAnswer(bytes, init) },
  })
}
