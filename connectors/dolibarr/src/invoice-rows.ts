import { readThirdParties } from './accounts.ts'
import { stampIn } from './changes.ts'
import type { Row } from './client.ts'
import type { InvoiceRow } from './invoices.ts'
import { withMeaning } from './order-rows.ts'
import { idOf, isId, rowsIn, snapshotOf, textIn } from './rows.ts'
import type { Session } from './session.ts'

/** 2 is a credit note; 0 a plain invoice, 1 one in place of another, 3 a deposit, 5 a part of a long work. */
export type Kind = 'invoice' | 'credit note'
const isOf = (kind: Kind, row: Row) => (textIn(row['type']) === '2') === (kind === 'credit note')

/** Invoices or credit notes that have a number. A draft is no document yet. */
export async function readInvoices(session: Session, kind: Kind, ids: readonly string[]) {
  const rows: Row[] = []
  for (const id of new Set(ids.filter(isId))) {
    // Only one by one Dolibarr tells what an invoice is linked with.
    const row = await session.client.one(`/invoices/${id}`)
    if (row && isOf(kind, row) && textIn(row['statut']) !== '0') rows.push({ linkedObjectsIds: {}, ...row })
  }
  const orders = await ordersOfInvoices(session, rows)
  const parties = await readThirdParties(session, [...new Set(rows.map(row => textIn(row['socid'])))])
  return rows.map(row =>
    snapshotOf({
      ...row,
      lines: rowsIn(row['lines']).map(line => withMeaning(line, session.settings)),
      ...daysOf(session, row),
      order_ids: orders.get(idOf(row)) ?? [],
      thirdparty: parties.find(each => idOf(each) === textIn(row['socid'])) ?? null,
    } as unknown as InvoiceRow),
  )
}

function daysOf({ settings }: Session, row: Row) {
  const day = (seconds: unknown) => {
    const [, year, month, date] =
      /^(....)(..)(..)/.exec(stampIn(Number(textIn(seconds)) * 1000, settings.timeZone)) ?? []
    return `${year}-${month}-${date}`
  }
  const { date, date_lim_reglement: due } = row
  return {
    ...(textIn(date) !== '' && { issued_on: day(date) }),
    ...(textIn(due) !== '' && { due_on: day(due) }),
  }
}

/** The orders of invoices, by the invoices' ids; a credit note's are those of the invoice that it takes back. */
export async function ordersOfInvoices(
  session: Session,
  invoices: readonly Row[],
): Promise<ReadonlyMap<string, readonly string[]>> {
  const found = new Map<string, readonly string[]>()
  for (const invoice of invoices) {
    const source = textIn(invoice['fk_facture_source'])
    const own = linkedOrders(await withLinks(session, invoice))
    const theirs = own.length > 0 || !isId(source) ? [] : linkedOrders(await linksOf(session, source))
    found.set(idOf(invoice), [...own, ...theirs])
  }
  return found
}

const withLinks = async (session: Session, row: Row) =>
  row['linkedObjectsIds'] === undefined ? linksOf(session, idOf(row)) : row
const linksOf = async (session: Session, id: string) => (await session.client.one(`/invoices/${id}`)) ?? {}

function linkedOrders(row: Row): string[] {
  const linked = (row['linkedObjectsIds'] as Row | undefined)?.['commande'] as Row | undefined
  return Object.values(linked ?? {}).map(textIn)
}
