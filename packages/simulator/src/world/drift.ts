import type { Kernel } from '../kernel.ts'
import type { Plan } from '../plan.ts'
import type { Fields } from './remote.ts'

/** A system's rows look otherwise since its last upgrade: one needed field of one of its tables. */
export interface Drift {
  /** A row as it is told just now. */
  readonly told: (remote: string, table: string, row: Fields) => Fields
  /** Whether this row, as it was told, lacks what is needed of it, by the name and of the type that everybody knows. */
  readonly isHole: (remote: string, record: { readonly entity: string; readonly row: unknown }) => boolean
  /** How the operator reads the field that has another name now, for good. */
  readonly drifted: { readonly remote: string; readonly table: string; readonly field: string }
}

/** What is needed to carry a record: money, quantities, states. */
const NEEDED = [
  { remote: 'north', table: 'orders', fields: ['totals', 'lines', 'currency', 'status'] },
  { remote: 'south', table: 'orders', fields: ['totals', 'lines'] },
  { remote: 'erp', table: 'stock', fields: ['available'] },
  { remote: 'erp', table: 'invoices', fields: ['totals', 'orders'] },
  { remote: 'erp', table: 'products', fields: ['name'] },
] as const

/** `lasts`: how long each kind lasts, from `from` on; a new name stays for good where an operator maps it. */
export function createDrift(kernel: Kernel, { drift }: Plan, from: number, calm: () => boolean): Drift {
  const chance = kernel.chance('drift')
  const { remote: where, table: which, fields } = chance.pick(NEEDED)
  const field = chance.pick<string>(fields)
  const isOn = (ms: number) => !calm() && kernel.now() >= from && kernel.now() < from + ms
  const changed = (row: Fields): Fields => {
    const { [field]: value, ...rest } = row
    if (isOn(drift.renamedMs) || (drift.forGood && drift.renamedMs > 0 && kernel.now() >= from))
      return { ...rest, [newNameOf(field)]: value }
    if (isOn(drift.droppedMs)) return rest
    return isOn(drift.retypedMs) ? { ...rest, [field]: { value } } : row
  }
  return {
    isHole(remote, { entity, row }) {
      if (remote !== where || entity !== ENTITY[which]) return false
      const { [newNameOf(field)]: moved, [field]: value } = row as Fields
      if (moved !== undefined) return !drift.forGood
      return value === undefined || (typeof value === 'object' && value !== null && 'value' in value)
    },
    drifted: { remote: where, table: which, field },
    told: (remote, table, row) => (remote === where && table === which && field in row ? changed(row) : row),
  }
}

const ENTITY: Readonly<Record<string, string>> = {
  orders: 'SalesOrder',
  stock: 'StockLevel',
  invoices: 'Invoice',
  products: 'Product',
}

export const newNameOf = (field: string) => `${field}_v2`
