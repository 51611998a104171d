import type { EntityName } from '@linchpin/model'
import type { PlannedStep } from '../plan.ts'
import type { Flow } from '../setup.ts'

/** One first load of a flow, as far as it has come; kept in the store, so that it goes on on any node, after any end. */
export interface LoadState {
  /** It is looked at first; what was seen is loaded when a person says so; then the last deliveries end. */
  readonly phase: 'looking' | 'looked' | 'loading' | 'delivering' | 'done'
  /** A person stopped it, for now. */
  readonly stopped: boolean
  /** The mappings and rules that were looked at: under others, it is looked at again before it is loaded. */
  readonly rules: string
  readonly began: number
  readonly ended: number | null
  /** Where the source's list goes on. */
  readonly cursor: string | null
  /** Rows of the source's list, as counted by the look: some systems tell a record more than once. */
  readonly total: number | null
  readonly read: number
  /** How many rows are saved at once, of late; left out: one page. */
  readonly heap?: number
  /** Of the look: how many records would be created, updated, linked … each counted once. */
  readonly would: Readonly<Partial<Record<PlannedStep['would'], number>>>
  /** What was read by a moment not long ago: how fast it goes now. */
  readonly mark: { readonly at: number; readonly read: number }
  /** Why it does not get on. */
  readonly problem: string | null
}

export const beginLook = (rules: string, now: number): LoadState => ({
  phase: 'looking',
  stopped: false,
  rules,
  began: now,
  ended: null,
  cursor: null,
  total: null,
  read: 0,
  would: {},
  mark: { at: now, read: 0 },
  problem: null,
})

export const beginLoad = (looked: LoadState, now: number): LoadState => ({
  ...looked,
  phase: 'loading',
  began: now,
  ended: null,
  cursor: null,
  read: 0,
  heap: 1,
  mark: { at: now, read: 0 },
})

const MARK_MS = 20_000

/** So many more records were read, and the list goes on there; null: that was the last page. */
export function after(state: LoadState, read: number, next: string | null, now: number): LoadState {
  const mark = now - state.mark.at < MARK_MS ? state.mark : { at: now, read: state.read }
  const moved = { ...state, read: state.read + read, cursor: next, mark, problem: null }
  if (next !== null) return moved
  return state.phase === 'looking'
    ? { ...moved, phase: 'looked', total: moved.read, ended: now }
    : { ...moved, phase: 'delivering' }
}

export function isOpen({ phase, stopped }: LoadState): boolean {
  return !stopped && (phase === 'looking' || phase === 'loading' || phase === 'delivering')
}

/** What others refer to goes first: articles before their stock, customers before their orders. */
const ORDER: readonly EntityName[] = [
  'PriceList',
  'Product',
  'Price',
  'StockLevel',
  'Account',
  'Contact',
  'SalesOrder',
  'Shipment',
  'Invoice',
  'CreditNote',
  'Payment',
]

export function inOrder(flows: readonly Flow[]): readonly Flow[] {
  const place = ({ entity }: Flow) => (ORDER.includes(entity) ? ORDER.indexOf(entity) : ORDER.length)
  return flows.toSorted((left, right) => place(left) - place(right))
}
