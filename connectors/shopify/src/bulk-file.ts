import { bytesOf, jsonIn, Problem, problemOf, type Io } from '@linchpin/connector'
import type { Bulk } from './bulk.ts'
import { withPlainIds } from './ids.ts'

/** A record of a bulk answer, with what belongs to it by the names of its types. */
export interface BulkRecord {
  readonly root: Readonly<Record<string, unknown>>
  readonly parts: (type: string) => readonly Readonly<Record<string, unknown>>[]
}

export interface BulkPage {
  readonly records: readonly BulkRecord[]
  /** The byte at which the next record begins; null at the end of the file. */
  readonly next: number | null
}

/**
 * The records from this byte on, at most `limit`; null when the file is not there any more. Only about as much of the file
 * is asked for as they take: it can be gigabytes.
 */
export async function recordsFrom(
  io: Io,
  file: NonNullable<Bulk['file']>,
  at: number,
  limit: number,
): Promise<BulkPage | null> {
  const each = file.size / Math.max(1, file.records)
  for (let want = Math.ceil(each * limit * 1.25) + 4096; ; want *= 2) {
    const bytes = await partOf(io, file, at, want)
    if (bytes === null) return null
    const page = pageIn(bytes, at, limit, bytes.length < want)
    if (page.records.length > 0 || page.next === null) return page
  }
}

/** Shopify's file store asks for no token, and must not get to know ours. */
async function partOf(
  io: Io,
  { url }: NonNullable<Bulk['file']>,
  at: number,
  want: number,
): Promise<Uint8Array | null> {
  const range = `bytes=${at}-${at + want - 1}`
  const response = await io.fetch(url, { headers: { range }, signal: io.signal }).catch((cause: unknown) => {
    if (cause instanceof Problem) throw cause
    throw new Problem('passing', "Shopify's file store did not answer.", { cause })
  })
  if ([403, 404, 410].includes(response.status)) return null
  if (response.status !== 200 && response.status !== 206)
    throw problemOf(response, "Shopify's file store", io.now())
  const bytes = await bytesOf(response, "Shopify's file store")
  return response.status === 206 ? bytes : bytes.subarray(at, at + want)
}

interface Line {
  readonly begin: number
  readonly value: Readonly<Record<string, unknown>>
}

function pageIn(bytes: Uint8Array, at: number, limit: number, isLast: boolean): BulkPage {
  const lines = linesIn(bytes, at)
  const roots = lines.flatMap(({ value }, place) => ('__parentId' in value ? [] : [place]))
  // What belongs to the last record may stand behind the part that we have.
  const whole = isLast ? roots.length : Math.max(0, roots.length - 1)
  const taken = Math.min(limit, whole)
  const records = roots
    .slice(0, taken)
    .map((place, turn) => recordOf(lines.slice(place, roots[turn + 1] ?? lines.length)))
  const following = roots[taken]
  return { records, next: following === undefined ? (isLast ? null : at) : (lines[following]?.begin ?? null) }
}

function linesIn(bytes: Uint8Array, at: number): readonly Line[] {
  const lines: Line[] = []
  for (let begin = 0; begin < bytes.length;) {
    const end = bytes.indexOf(10, begin)
    if (end < 0) break
    const value = withPlainIds(jsonIn(Buffer.from(bytes.subarray(begin, end)).toString('utf8')))
    if (value === null || typeof value !== 'object')
      throw new Problem('surprise', "Shopify's answer in bulk has a line that we do not understand.")
    lines.push({ begin: at + begin, value: value as Line['value'] })
    begin = end + 1
  }
  return lines
}

function recordOf([first, ...others]: readonly Line[]): BulkRecord {
  const parts = others.map(({ value }) => {
    const { __typename: type, __parentId: _, ...rest } = value
    return { type, rest }
  })
  return {
    root: first?.value ?? {},
    parts: type => parts.filter(each => each.type === type).map(({ rest }) => rest),
  }
}
