import { add, subtract } from '@linchpin/model'
import { listOf, textOf, type Books, type Held, type Values } from './books.ts'

/** How many pieces are there, in all warehouses. */
export const stockOf = (row: Held) =>
  Object.values((row['stock'] ?? {}) as Record<string, string>).reduce(add, '0')

/** What validated orders still want of a product: ordered less sent. */
export function reservedOf(books: Books, product: number): string {
  const open = books.all('orders').filter(order => ['1', '2'].includes(textOf(order['statut'])))
  const of = (lines: readonly Values[]) =>
    lines.filter(line => textOf(line['fk_product']) === String(product))
  const sumOf = (lines: readonly Values[]) => lines.reduce((sum, line) => add(sum, textOf(line['qty'])), '0')
  const ordered = sumOf(open.flatMap(order => of(listOf(order['lines']))))
  const openLines = new Set(open.flatMap(order => listOf(order['lines']).map(line => textOf(line['rowid']))))
  const sent = sumOf(
    books
      .all('shipments')
      .filter(each => ['1', '2'].includes(textOf(each['statut'])))
      .flatMap(each => of(listOf(each['lines'])))
      .filter(line => openLines.has(textOf(line['fk_origin_line']))),
  )
  return subtract(ordered, sent)
}
