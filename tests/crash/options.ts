import { parseArgs } from 'node:util'

export interface Options {
  readonly orders: number
  readonly seed: number
  /** Whole minutes after which the run ends with words, whatever has been reached. */
  readonly minutes: number
  readonly json: boolean
  /** Leave the folder with logs and data where it is. */
  readonly keep: boolean
}

export const USAGE = `npm run test:crash -- [options]

  --orders 10000   how many orders flow; 300 take some two minutes
  --seed 8812      what is killed when; processes being processes, a run cannot be replayed exactly
  --minutes 90     the longest that it may take; by default 5 minutes and a second for each order
  --json           one object instead of words
  --keep           leave the folder with logs and data behind`

/** Throws with words when there is no sense in them. */
export function readOptions(args: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      orders: { type: 'string', default: '10000' },
      seed: { type: 'string', default: String(Date.now() % 1_000_000) },
      minutes: { type: 'string' },
      json: { type: 'boolean', default: false },
      keep: { type: 'boolean', default: false },
    },
  })
  const orders = whole('orders', values.orders)
  const minutes = values.minutes === undefined ? 5 + Math.ceil(orders / 60) : whole('minutes', values.minutes)
  return { orders, minutes, seed: whole('seed', values.seed), json: values.json, keep: values.keep }
}

function whole(name: string, text: string): number {
  const value = Number(text)
  if (Number.isSafeInteger(value) && value > 0) return value
  throw new Error(`--${name} is a whole number above 0, not "${text}".`)
}
