import { padMoney, type EntityName, type SalesOrder, type Shipment } from '@linchpin/model'
import type { RecordKey, StoredRecord } from '@linchpin/store'
import type { Linchpin } from '../linchpin.ts'

/**
 * Tells an order's way as it happens, until tracking and invoice are back in the shop. Tells only what the store says
 * happened.
 */
export async function narrate(
  linchpin: Linchpin,
  number: string,
  say: (line: string) => void,
  options: { readonly patienceMs: number; readonly isStopped: () => boolean },
): Promise<boolean> {
  const told = new Set<string>()
  const began = Date.now()
  const tell = (key: string, line: string) => {
    if (told.has(key)) return
    told.add(key)
    say(`${((Date.now() - began) / 1000).toFixed(1).padStart(5)} s  ${line}`)
  }
  while (!options.isStopped() && Date.now() - began < options.patienceMs) {
    if (await tellOnce(linchpin, number, tell)) return true
    await new Promise(resolve => setTimeout(resolve, 150))
  }
  return false
}

type Tell = (key: string, line: string) => void

async function tellOnce({ store }: Linchpin, number: string, tell: Tell): Promise<boolean> {
  const found = await store.search(number, 10)
  const start = found.filter(({ connection, entity }) => connection === 'shop' && entity === 'SalesOrder')
  if (start.length === 0) return false
  const story = await store.trace(start.map(({ connection, entity, id }) => ({ connection, entity, id })))
  const of = (connection: string, entity: EntityName) =>
    story.records.filter(record => record.connection === connection && record.entity === entity)
  const delivered = (record: RecordKey) =>
    story.deliveries.some(
      each =>
        each.entity === record.entity && each.id === record.id && each.state === 'done' && each.to === 'shop',
    )
  for (const order of of('shop', 'SalesOrder')) tell('read', `read from the shop: ${orderWords(order)}`)
  for (const waits of story.deliveries.filter(({ state }) => state === 'waiting'))
    tell(`waits ${waits.id}`, lowerFirst(waits.trouble?.words ?? ''))
  for (const order of of('erp', 'SalesOrder')) tell(`erp ${order.id}`, `in the ERP as ${orderWords(order)}`)
  const shipments = of('erp', 'Shipment')
  for (const shipment of shipments) {
    const { number: name, tracking } = shipment.canonical as Shipment
    const words = `shipment ${name}, tracking ${tracking.map(each => each.number).join(', ') || 'none'}`
    tell(`shipment ${shipment.id}`, `shipped by the ERP: ${words}`)
    if (delivered(shipment)) tell(`shipment back ${shipment.id}`, `back in the shop: ${words}`)
  }
  const invoices = of('erp', 'Invoice')
  for (const invoice of invoices) {
    const name = (invoice.canonical as { number: string }).number
    tell(`invoice ${invoice.id}`, `invoiced by the ERP: ${name}`)
    if (delivered(invoice))
      tell(`invoice back ${invoice.id}`, `back in the shop: invoice ${name}, for the customer to open`)
  }
  const [order] = of('erp', 'SalesOrder')
  const isComplete = (order?.canonical as SalesOrder | undefined)?.fulfilment === 'complete'
  // The order's state can be read before its parcels are.
  const isTold = shipments.length > 0 && invoices.length > 0
  return isComplete && isTold && [...shipments, ...invoices].every(delivered)
}

function orderWords({ canonical }: StoredRecord): string {
  const { number, lines, totals, currency } = canonical as SalesOrder
  return `order ${number}, ${lines.length} lines, ${padMoney(totals.payable, currency)} ${currency}`
}

/** 'Waits for Account 1 to be in erp.' within a line; names keep their capitals. */
const lowerFirst = (words: string) => words.charAt(0).toLowerCase() + words.slice(1)
