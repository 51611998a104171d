import { idOf, idsOf, type Source } from './changes.ts'
import { readRows, searchRead, type Row, type Session } from './client.ts'

/** A payment that meets an invoice changes what is open on both sides, and not always their write_date. */
export const reconciled = {
  model: 'account.partial.reconcile',
  fields: ['debit_move_id', 'credit_move_id'],
  optional: true,
} as const satisfies Source

/** The entries on both sides: invoices, credit notes, payments. */
export async function entriesOf(
  session: Session,
  rows: readonly Row[],
): Promise<readonly (readonly number[])[]> {
  const sides = rows.map(row => [idOf(row['debit_move_id']), idOf(row['credit_move_id'])])
  const ids = sides.flat().filter(id => id !== null)
  const lines = await readRows(session, 'account.move.line', ids, ['move_id'])
  const moves = new Map(lines.map(each => [each.id, idOf(each['move_id'])]))
  return sides.map(both => both.flatMap(id => moves.get(id ?? 0) ?? []))
}

/** The orders that those entries are invoices of. */
export async function ordersOf(
  session: Session,
  rows: readonly Row[],
): Promise<readonly (readonly number[])[]> {
  const entries = await entriesOf(session, rows)
  const all = [...new Set(entries.flat())]
  if (all.length === 0) return entries
  const domain = [['invoice_ids', 'in', all]] as const
  const orders = await searchRead(session, 'sale.order', { domain, fields: ['invoice_ids'] })
  return entries.map(ids =>
    orders.filter(order => idsOf(order['invoice_ids']).some(id => ids.includes(id))).map(({ id }) => id),
  )
}
