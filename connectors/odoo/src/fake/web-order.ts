import { escape } from '@linchpin/lookalike'
import type { Orm, Stored } from './orm.ts'
import { movesOf } from './stock.ts'
import { stateName } from './web.ts'
import { table, type Column } from './web-table.ts'

export function orderBody(orm: Orm, order: Stored): string {
  const pickings = orm.having('stock.picking', 'sale_id', order.id)
  const invoices = invoicesOf(orm, order)
  return `<h1>${escape(order['name'])} <span class="tag">${escape(stateName(String(order['state'])))}</span></h1>
<p class="muted">Reference ${escape(order['client_order_ref'] || '–')}, source ${escape(order['origin'] || 'this ERP')}, ${escape(String(order['date_order']).slice(0, 16))} UTC</p>
${buttons(orm, order)}
${people(orm, order)}
${linesTable(orm, order)}
<h2>Deliveries</h2>${pickings.length > 0 ? pickings.map(row => pickingCard(orm, order, row)).join('') : '<p class="muted">None yet: confirm the order first.</p>'}
<h2>Invoices</h2>${invoices.length > 0 ? invoices.map(move => invoiceCard(orm, order, move)).join('') : '<p class="muted">None yet: goods are billed when they were delivered.</p>'}`
}

export function invoicesOf(orm: Orm, order: Stored): Stored[] {
  return orm.ids('sale.order', order, 'invoice_ids').map(id => orm.need('account.move', id))
}

/** One form with one button. */
function button(action: string, id: number, label: string, back: string, fields = '', quiet = false): string {
  return `<form class="inline" method="post" action="/web/do"><input type="hidden" name="do" value="${action}"><input type="hidden" name="id" value="${id}"><input type="hidden" name="back" value="${escape(back)}">${fields}<button${quiet ? ' class="quiet"' : ''}>${escape(label)}</button></form> `
}

const pageOf = (order: Stored) => `/web/orders/${order.id}`

function buttons(orm: Orm, order: Stored): string {
  const state = order['state']
  const back = pageOf(order)
  const due = orm.value('sale.order', order, 'invoice_status') === 'to invoice'
  return `<p>${[
    state === 'draft' ? button('confirm', order.id, 'Confirm', back) : '',
    state === 'sale' && due ? button('invoice', order.id, 'Create invoice', back) : '',
    state !== 'cancel' ? button('cancel', order.id, 'Cancel order', back, '', true) : '',
  ].join('')}</p>`
}

function people(orm: Orm, order: Stored): string {
  const card = (label: string, field: string) => {
    const partner = orm.related('sale.order', order, field)
    const { name, street, zip, city } = partner ?? ({} as Record<string, unknown>)
    return `<div class="card"><strong>${label}</strong><br>${[name, street, [zip, city].filter(Boolean).join(' ')].filter(Boolean).map(escape).join('<br>')}</div>`
  }
  return `<div class="grid">${card('Customer', 'partner_id')}${card('Delivery address', 'partner_shipping_id')}</div>`
}

function linesTable(orm: Orm, order: Stored): string {
  const lines = orm.ids('sale.order', order, 'order_line').map(id => orm.need('sale.order.line', id))
  const sums = (['Net', 'Tax', 'Total'] as const).map((label, at) => {
    const name = ['amount_untaxed', 'amount_tax', 'amount_total'][at] ?? ''
    return `<tr><th>${label}</th><td class="n">${orm.number('sale.order', order, name).toFixed(2)}</td></tr>`
  })
  const columns: readonly Column[] = [
    ['Line'],
    ['Quantity', 'n'],
    ['Price (net)', 'n'],
    ['Discount %', 'n'],
    ['With tax', 'n'],
  ]
  return `${table(
    columns,
    lines.map(line => lineRow(orm, line)),
  )}<table class="sums">${sums.join('')}</table>`
}

function lineRow(orm: Orm, line: Stored): string[] {
  if (line['display_type']) return [`<em>${escape(line['name'])}</em>`, '', '', '', '']
  return [
    escape(line['name']),
    escape(line['product_uom_qty']),
    Number(line['price_unit']).toFixed(2),
    escape(line['discount'] || ''),
    orm.number('sale.order.line', line, 'price_total').toFixed(2),
  ]
}

function pickingCard(orm: Orm, order: Stored, picking: Stored): string {
  const moves = movesOf(orm, picking.id)
  const done = picking['state'] === 'done'
  const open = !done && picking['state'] !== 'cancel'
  const tracking = picking['carrier_tracking_ref']
    ? `<p>Tracking ${escape(picking['carrier_tracking_ref'])}</p>`
    : ''
  const list = moves.map(move => `<li>${escape(moveWords(orm, move))}</li>`).join('')
  return `<div class="card"><h3>${escape(picking['name'])} <span class="tag">${escape(picking['state'])}</span></h3><ul>${list}</ul>${tracking}${open ? shipForm(orm, order, picking, moves) : ''}</div>`
}

function moveWords(orm: Orm, move: Stored): string {
  const product = orm.need('product.product', Number(move['product_id']))
  const packed = move['picked'] === true && move['state'] !== 'done' ? ', packed' : ''
  const verb = move['state'] === 'done' ? 'shipped' : 'reserved'
  return `${orm.nameOf('product.product', product)}: ${String(move['quantity'])} of ${String(move['product_uom_qty'])} ${verb}${packed}`
}

function shipForm(orm: Orm, order: Stored, picking: Stored, moves: readonly Stored[]): string {
  const back = pageOf(order)
  const part = (move: Stored) => {
    const product = orm.need('product.product', Number(move['product_id']))
    return `<label>${escape(product['default_code'] || orm.nameOf('product.product', product))} <input type="number" name="part-${move.id}" min="0" step="any" max="${escape(move['product_uom_qty'])}" value="${escape(move['quantity'])}" style="width:6rem"></label>`
  }
  const carriers = orm.all('delivery.carrier').map(row => `<option>${escape(row['name'])}</option>`)
  const fields = `<div class="fields">${moves.map(part).join('')}<label>Carrier <select name="carrier">${carriers.join('')}</select></label><label>Tracking number <input name="tracking"></label></div>`
  return `<p>${button('pick', order.id, 'Pick', back, '', true)}${button('pack', picking.id, 'Pack', back, '', true)}</p>${button('ship', picking.id, 'Ship these', back, fields)}`
}

function invoiceCard(orm: Orm, order: Stored, move: Stored): string {
  const back = pageOf(order)
  const state = String(orm.value('account.move', move, 'payment_state')).replaceAll('_', ' ')
  const isNote = move['move_type'] === 'out_refund'
  const open = orm.number('account.move', move, 'amount_residual') > 0
  const actions = [
    open && !isNote ? button('pay', move.id, 'Register payment', back) : '',
    !isNote && state !== 'reversed' ? button('credit', move.id, 'Credit note', back, '', true) : '',
  ]
  return `<div class="card"><h3>${isNote ? 'Credit note ' : ''}${escape(move['name'])} <span class="tag">${escape(state)}</span></h3>
<p>${orm.number('account.move', move, 'amount_total').toFixed(2)}, <a href="/web/invoices/${move.id}.pdf">PDF</a></p><p>${actions.join('')}</p></div>`
}
