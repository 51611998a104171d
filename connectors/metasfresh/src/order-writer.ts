import {
  orProblem,
  Problem,
  shotNow,
  Unanswered,
  writeEach,
  type Outcome,
  type Snapshot,
  type Write,
} from '@linchpin/connector'
import { equal } from '@linchpin/model'
import { z } from 'zod'
import { addressesToLocations } from './addresses.ts'
import { candidatesOf, requestsFor } from './candidates.ts'
import { call, need, type Session } from './client.ts'
import { wordsOf } from './errors.ts'
import { shortKey } from './identifiers.ts'
import type { OrderRow } from './order-row.ts'
import type { SaleRow } from './order-read.ts'
import { before } from './outcomes.ts'

type Get = (session: Session, ids: readonly string[]) => Promise<readonly Snapshot<SaleRow>[]>

/** `get` is null where this installation has no view of orders: then what became of one is not known. */
export function writeOrders(
  session: Session,
  writes: readonly Write<OrderRow>[],
  get: Get | null,
): Promise<readonly Outcome[]> {
  return writeEach(writes, session.io.signal, async ({ key, id, row }) => {
    const header = id ?? shortKey(key)
    if (header.trim() === '')
      throw new Problem('refused', 'An order without an id cannot be told from its own repeat in metasfresh.')
    const there = id !== null && get ? await before(get(session, [id])) : []
    if (row.state === 'cancelled') return cancel(session, { key, header, get }, there[0])
    if (there[0]) return compared(key, header, row, there[0])
    const lines = candidatesOf(session.settings, row)
    onePlace(row)
    await before(sendLocations(session, row))
    await sendCandidates(session, header, row, lines)
    // From here on the order is there, whatever becomes of the rest.
    const rest = await orProblem(processed(session, header, row))
    const shots = get && !session.io.signal.aborted ? await orProblem(get(session, [header])) : []
    const shot = shots instanceof Problem ? undefined : shots[0]
    if (shot && !(rest instanceof Problem)) return compared(key, header, row, shot)
    const problem =
      rest ?? (shots instanceof Problem ? shots : get ? stillUnderWay(header, row, session) : null)
    return {
      key,
      is: 'applied',
      id: header,
      version: shot?.version ?? null,
      ...(problem ? { rest: problem } : {}),
    }
  })
}

function stillUnderWay(header: string, row: OrderRow, { settings }: Session): Problem | null {
  if (row.state === 'held' || !settings.process) return null
  return new Problem('passing', `metasfresh still makes the order ${header} of its candidates.`)
}

function onePlace({ places = [], poReference }: OrderRow): void {
  const different = new Set(places).size
  if (different > 1)
    throw new Problem(
      'refused',
      `Order ${poReference} goes to ${different} addresses; metasfresh sends one order to one. Split it in the shop.`,
    )
}

/** An order's addresses are locations of its partner; one that is there already stays as it is. */
async function sendLocations(session: Session, row: OrderRow): Promise<void> {
  const { org } = session.settings
  const partner = row.bPartnerIdentifier
  const addresses = [row.billAddress, row.shipAddress].filter(each => each !== undefined)
  if (addresses.length === 0) return
  const body = {
    requestItems: addressesToLocations(session.settings, partner, addresses),
    syncAdvise: { ifNotExists: 'CREATE', ifExists: 'DONT_UPDATE' },
  }
  const path = `/bpartner/${encodeURIComponent(org)}/${encodeURIComponent(partner)}/location`
  if ((await call(session, path, z.looseObject({}), { method: 'PUT', body })) === null)
    throw new Problem('refused', `metasfresh has no business partner ${partner} any more.`)
}

/** A candidate that is there already is left out of the answer in silence; that is how a repeat makes nothing. */
async function sendCandidates(
  session: Session,
  header: string,
  row: OrderRow,
  lines: ReturnType<typeof candidatesOf>,
): Promise<void> {
  const body = { requests: requestsFor(session.settings, header, row, lines) }
  const path = '/orders/sales/candidates/bulk'
  const answer = await need(session, path, CREATED, { method: 'POST', body })
  const words = (answer.errors ?? []).map(each => wordsOf(each) || 'without a word').join(' ')
  if (words === '') return
  // Some lines may be there (207). The rest comes with the next try, or someone corrects what is wrong with it.
  const isPart = (answer.result ?? []).length > 0
  const told = `metasfresh refused lines of order ${header}: ${words}`
  if (isPart) throw new Unanswered('refused', `${told} The other lines are there as candidates.`)
  throw new Problem('refused', told)
}

async function processed(session: Session, header: string, row: OrderRow): Promise<Problem | null> {
  const { system, process } = session.settings
  if (row.state === 'held' || !process) return null
  const body = {
    externalSystemCode: system,
    externalHeaderId: header,
    ship: false,
    invoice: false,
    closeOrder: false,
  }
  await need(session, '/orders/sales/candidates/process', z.looseObject({}), { method: 'PUT', body })
  return null
}

/** An order that was made cannot be changed by the API; when it is not what it shall be, a person is asked. */
function compared(key: string, header: string, row: OrderRow, shot: Snapshot<SaleRow>): Outcome {
  const { DocumentNo: number, DocStatus, GrandTotal } = shot.row
  const isWrong = !equal(String(GrandTotal), row.total) && DocStatus !== 'RE' && DocStatus !== 'VO'
  const rest = new Problem(
    'refused',
    `Order ${number} comes to ${GrandTotal} in metasfresh and to ${row.total} in the shop. Look at its tax, price and lines, and correct it there by hand.`,
  )
  return { key, is: 'applied', id: header, version: shot.version, number, ...(isWrong ? { rest } : {}) }
}

interface Cancelling {
  readonly key: string
  readonly header: string
  readonly get: Get | null
}

async function cancel(
  session: Session,
  { key, header, get }: Cancelling,
  there: Snapshot<SaleRow> | undefined,
): Promise<Outcome> {
  const done = { key, is: 'applied' as const, id: header }
  if (there && ['RE', 'VO'].includes(there.row.DocStatus)) return { ...done, version: there.version }
  if (!there) {
    const words = get
      ? `metasfresh has no order for ${header} yet, only candidates. Delete them there, for they would become one.`
      : `This metasfresh cannot be asked for order ${header}. Reverse it there by hand.`
    return { ...done, version: null, rest: new Problem('refused', words) }
  }
  const { Order_ID, DocumentNo: number } = there.row
  const reverted = await orProblem(
    need(session, `/orders/sales/${Order_ID}/revert`, z.looseObject({}), { method: 'PUT' }),
  )
  if (reverted instanceof Problem) {
    const words = `Order ${number} was cancelled in the shop. ${reverted.message} Undo there what came of it, or leave it be.`
    const rest = reverted.kind === 'refused' ? new Problem('refused', words) : reverted
    return { ...done, version: null, number, rest }
  }
  const shot = get ? await shotNow(session, header, get) : null
  return { ...done, version: shot?.version ?? null, number }
}

const CREATED = z.looseObject({
  result: z.array(z.looseObject({ id: z.int() })).nullish(),
  errors: z.array(z.unknown()).nullish(),
})
