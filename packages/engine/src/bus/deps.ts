import type { Bus } from '@linchpin/bus'
import type { BusStore } from '@linchpin/store'
import type { Delivering } from '../deliver.ts'
import type { Reading } from '../read.ts'

/** What a process needs to be on the bus. */
export interface OnBus {
  readonly bus: Bus
  readonly store: BusStore
  /** This process among those on the bus: 'erp' for the adapter of erp. Remembered by the bus, so never renamed. */
  readonly name: string
  /** Hears everything, and carries nothing. */
  readonly observes: boolean
}

export type BusDeps = Reading & Delivering & { readonly on: OnBus }
