import { createRequire } from 'node:module'
import type PDFKitDocument from 'pdfkit'
import { invoiceLines } from './accounting.ts'
import type { Orm, Stored } from './orm.ts'

// Imported as a module, pdfkit 0.20 gives its build for browsers, which has no fonts.
const PDFDocument = createRequire(import.meta.url)('pdfkit') as typeof PDFKitDocument

/** The printed invoice. Its dates come from the record, so printing twice gives the same paper. */
export async function invoicePdf(orm: Orm, move: Stored): Promise<Buffer> {
  const document = new PDFDocument({
    size: 'A4',
    margin: 56,
    info: { Title: String(move['name']), CreationDate: dateOf(move) },
  })
  const chunks: Buffer[] = []
  document.on('data', (chunk: Buffer) => chunks.push(chunk))
  const ended = new Promise<void>(resolve => document.on('end', () => resolve()))
  write(document, orm, move)
  document.end()
  await ended
  return Buffer.concat(chunks)
}

function write(document: PDFKit.PDFDocument, orm: Orm, move: Stored): void {
  const currency = String(orm.related('account.move', move, 'currency_id')?.['name'] ?? 'EUR')
  const company = orm.related('account.move', move, 'company_id')
  const title = move['move_type'] === 'out_refund' ? 'Credit note' : 'Invoice'
  document
    .fontSize(9)
    .fillColor('#666666')
    .text('Printed by a look-alike of Odoo, for demonstration. Not a real invoice.')
  document
    .moveDown()
    .fillColor('#000000')
    .fontSize(11)
    .text(String(company?.['name'] ?? ''))
  document
    .moveDown()
    .fontSize(20)
    .text(`${title} ${String(move['name'])}`)
  document
    .fontSize(10)
    .text(
      `Date ${String(move['invoice_date'])}    Order ${String(move['invoice_origin'] || '-')}    Your reference ${String(move['ref'] || '-')}`,
    )
  document.moveDown()
  for (const line of addressLines(orm, move)) document.text(line)
  document.moveDown()
  for (const line of invoiceLines(orm, move)) writeLine(document, orm, line, currency)
  document.moveDown()
  const sum = (name: string) => orm.number('account.move', move, name).toFixed(2)
  row(document, 'Net', `${sum('amount_untaxed')} ${currency}`)
  row(document, 'Tax', `${sum('amount_tax')} ${currency}`)
  row(document.fontSize(12), 'Total', `${sum('amount_total')} ${currency}`)
}

function writeLine(document: PDFKit.PDFDocument, orm: Orm, line: Stored, currency: string): void {
  const taxes = orm.ids('account.move.line', line, 'tax_ids').map(id => orm.get('account.tax', id)?.['name'])
  const total = orm.number('account.move.line', line, 'price_total').toFixed(2)
  const words = `${String(line['quantity'])} × ${String(line['name']).split('\n')[0]}`
  row(document, taxes.length > 0 ? `${words} (${taxes.join(', ')})` : words, `${total} ${currency}`)
}

/** A label on the left and an amount on the right of one line. */
function row(document: PDFKit.PDFDocument, label: string, amount: string): void {
  const { y } = document
  document.text(label, 56, y, { width: 360 })
  const below = document.y
  document.text(amount, 420, y, { width: 119, align: 'right' })
  document.text('', 56, Math.max(below, document.y))
}

function addressLines(orm: Orm, move: Stored): string[] {
  const partner = orm.related('account.move', move, 'partner_id')
  if (!partner) return []
  const { name, street, street2, zip, city, vat } = partner
  return [name, street, street2, [zip, city].filter(Boolean).join(' '), vat && `VAT ${String(vat)}`]
    .filter(Boolean)
    .map(String)
}

function dateOf(move: Stored): Date {
  return new Date(`${String(move['invoice_date'] || '2000-01-01')}T00:00:00Z`)
}
