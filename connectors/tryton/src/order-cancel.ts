import { Problem } from '@linchpin/connector'
import { z } from 'zod'
import { searchRead, type Session } from './session.ts'

/**
 * Cancels an order as far as nothing has left and nothing was billed. Tryton refuses to cancel an order in processing;
 * its people cancel the shipments and the draft invoices, and tell the two "exceptions" that follow to be left as they
 * are. The order then ends as `done` with nothing shipped, which we read as cancelled.
 */
export async function cancelOrder(session: Session, id: number, reference: string): Promise<Problem | null> {
  const sale = await read(session, id)
  if (!sale || sale.state === 'cancelled') return null
  if (sale.state === 'confirmed') await button(session, 'draft', String(id))
  if (['draft', 'quotation', 'confirmed'].includes(sale.state)) {
    await button(session, 'cancel', String(id))
    return null
  }
  const obstacle = obstacleOf(sale)
  if (obstacle !== null)
    return new Problem(
      'refused',
      `Order ${reference} cannot be cancelled in Tryton any more: ${obstacle}. Stop it there, or take the goods back.`,
    )
  await cancelAll(session, 'stock.shipment.out', sale.shipments)
  await cancelAll(session, 'account.invoice', sale.invoices)
  await leaveException(session, id, 'shipment_state', 'sale.handle.shipment.exception')
  await leaveException(session, id, 'invoice_state', 'sale.handle.invoice.exception')
  return null
}

/** Presses a button of the order's screen. */
export async function button(session: Session, name: string, id: string): Promise<void> {
  await session.client.call(z.unknown(), `model.sale.sale.${name}`, [[Number(id)]])
}

type Sale = z.infer<typeof SALES>[number]

function obstacleOf({ shipments, invoices }: Sale): string | null {
  const gone = shipments.find(({ state }) => !['draft', 'waiting', 'assigned', 'cancelled'].includes(state))
  if (gone) return `its shipment ${gone.number ?? gone.id} is ${gone.state}`
  const billed = invoices.find(({ state }) => !['draft', 'validated', 'cancelled'].includes(state))
  return billed ? `its invoice ${billed.number ?? billed.id} is ${billed.state}` : null
}

async function cancelAll(session: Session, model: string, records: Sale['shipments']): Promise<void> {
  const open = records.filter(({ state }) => state !== 'cancelled').map(({ id }) => id)
  if (open.length > 0) await session.client.call(z.unknown(), `model.${model}.cancel`, [open])
}

/** Answers the wizard "recreate what was cancelled?" with: nothing. It wants every field of its form back. */
async function leaveException(
  session: Session,
  sale: number,
  axis: 'shipment_state' | 'invoice_state',
  wizard: string,
): Promise<void> {
  if ((await read(session, sale))?.[axis] !== 'exception') return
  const { call } = session.client
  const context = { active_model: 'sale.sale', active_id: sale, active_ids: [sale] }
  const [run, form] = await call(CREATED, `wizard.${wizard}.create`, [])
  const { view } = await call(ASKED, `wizard.${wizard}.execute`, [run, {}, form], context)
  const answers = Object.entries(view.defaults).map(([name, value]) => [
    name,
    name.startsWith('recreate_') ? [] : value,
  ])
  await call(
    z.unknown(),
    `wizard.${wizard}.execute`,
    [run, { [form]: Object.fromEntries(answers) as unknown }, 'handle'],
    context,
  )
  await call(z.unknown(), `wizard.${wizard}.delete`, [run])
}

async function read(session: Session, id: number): Promise<Sale | undefined> {
  const of = (name: string) => ['state', 'number'].map(field => `${name}.${field}`)
  const fields = ['state', 'shipment_state', 'invoice_state', ...of('shipments'), ...of('invoices')]
  return (await searchRead(session, 'sale.sale', SALES, { where: [['id', '=', id]], fields }))[0]
}

const PART = z.array(z.looseObject({ id: z.int(), state: z.string(), number: z.string().nullable() }))
const SALES = z.array(
  z.looseObject({
    id: z.int(),
    state: z.string(),
    shipment_state: z.string(),
    invoice_state: z.string(),
    shipments: PART,
    invoices: PART,
  }),
)
const CREATED = z.tuple([z.int(), z.string(), z.string()])
const ASKED = z.looseObject({ view: z.looseObject({ defaults: z.record(z.string(), z.unknown()) }) })
