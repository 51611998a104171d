import type { Sent } from './network.ts'
import type { Fields } from './remote.ts'

/** Money and quantities that are about to be written: each a figure. Answers in words when one of them is not. */
export function unsound({ remote, table, key, fields }: Sent): string | null {
  const figures = figuresOf(table, fields)
  const [bad] = Object.entries(figures).find(([, value]) => !isFigure(value)) ?? []
  return bad === undefined ? null : `${key} was sent to ${remote} (${table}) without a figure for its ${bad}`
}

function figuresOf(table: string, fields: Fields): Fields {
  if (table === 'prices') return { list: fields['list'] }
  if (table === 'invoices' || table === 'credits') return { total: fields['total'] }
  if (table === 'products' && 'stock' in fields) return { stock: fields['stock'] }
  if (table !== 'orders' || !('lines' in fields)) return {}
  const lines = fields['lines'] as readonly Fields[]
  const each = lines.flatMap((line, index) =>
    ['quantity', 'unitPrice', 'gross'].map(name => [`${name} of line ${index + 1}`, line[name]]),
  )
  return { total: fields['total'], ...(Object.fromEntries(each) as Fields) }
}

const isFigure = (value: unknown) => typeof value === 'string' && /^-?\d+(\.\d+)?$/.test(value)
