import { Problem, Unanswered } from '@linchpin/connector'
import { call, redacted, Refusal, saidBy, type Session } from './client.ts'
import { inChunks } from './ids.ts'
import type { RawProduct } from './product-row.ts'

/** One item of a batch: the fields to write, with the id of what is updated. */
export interface Item {
  readonly id: number | null
  readonly fields: Readonly<Record<string, unknown>>
}

interface Answered {
  readonly id?: number
  readonly sku?: string
  readonly error?: unknown
}

/**
 * What became of each item, in their order: the record as it is now, or the Problem. WooCommerce answers 200 for the
 * whole and hides each item's error in it; it takes a hundred items and answers 413 to one more.
 */
export async function sendBatch(
  session: Session,
  path: string,
  items: readonly Item[],
): Promise<(RawProduct | Problem)[]> {
  const results: (RawProduct | Problem)[] = []
  for (const chunk of inChunks(items)) results.push(...(await sendChunk(session, path, chunk)))
  return results
}

async function sendChunk(
  session: Session,
  path: string,
  items: readonly Item[],
): Promise<(RawProduct | Problem)[]> {
  const create = items.filter(({ id }) => id === null).map(({ fields }) => fields)
  const update = items.flatMap(({ id, fields }) => (id === null ? [] : [{ id, ...fields }]))
  const body = { ...(create.length > 0 && { create }), ...(update.length > 0 && { update }) }
  try {
    const { data } = await call<Batch>(session, 'POST', `${path}/batch`, { body })
    return resultsOf(session, items, data)
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem
    if (problem.kind !== 'refused' || items.length < 2) return items.map(() => problem)
    // Refused as a whole, so nothing of it was written: halved until the one that is to blame stands alone.
    const middle = Math.ceil(items.length / 2)
    const first = await sendChunk(session, path, items.slice(0, middle))
    return [...first, ...(await sendChunk(session, path, items.slice(middle)))]
  }
}

interface Batch {
  readonly create?: readonly Answered[]
  readonly update?: readonly Answered[]
}

/** Updates are known by id, creates by SKU. A failed create carries neither (its id is 0), so only there position counts. */
function resultsOf(session: Session, items: readonly Item[], data: unknown): (RawProduct | Problem)[] {
  const { create, update } = (typeof data === 'object' && data !== null ? data : {}) as Batch
  const created = Array.isArray(create) ? (create as Answered[]) : []
  const updated = Array.isArray(update) ? (update as Answered[]) : []
  const creates = items.filter(({ id }) => id === null)
  const isAligned =
    created.length === creates.length &&
    created.every((each, at) => each.error !== undefined || each.sku === creates[at]?.fields['sku'])
  return items.map(item => {
    const answer =
      item.id !== null
        ? updated.find(({ id }) => id === item.id)
        : (created.find(each => !each.error && each.sku === item.fields['sku']) ??
          (isAligned ? created[creates.indexOf(item)] : undefined))
    if (!answer?.id && !answer?.error)
      return new Unanswered('passing', 'WooCommerce did not say what became of this one item of a batch.')
    return answer.error ? problemOfItem(answer.error, session) : (answer as RawProduct)
  })
}

function problemOfItem(error: unknown, { settings }: Session): Problem {
  const said = saidBy(error)
  const refusal = new Refusal(
    'refused',
    `WooCommerce: ${redacted(said?.message ?? 'refused the record.', settings)}`,
  )
  refusal.code = said?.code ?? ''
  refusal.data = said?.data ?? {}
  return refusal
}
