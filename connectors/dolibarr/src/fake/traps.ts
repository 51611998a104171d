/** What differs from one Dolibarr to the next, and what was seen to go wrong. A test switches them. */
export interface Traps {
  /** The server's own time, in which filters and the times of products are. */
  timeZone: string
  /** How many price levels there are; 0 when they are off. */
  priceLevels: number
  /** Prices are managed by another kind than the product's own: a `PUT` of one answers 200 and changes nothing. */
  ignoresPrices: boolean
  /** Modules by the first part of their path that are switched off: 'shipments'. */
  readonly off: Set<string>
  /** The same that our user has no right to write. */
  readonly readOnly: Set<string>
}

export const noTraps = (): Traps => ({
  timeZone: 'UTC',
  priceLevels: 0,
  ignoresPrices: false,
  off: new Set(),
  readOnly: new Set(),
})
