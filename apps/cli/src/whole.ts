import { InvalidArgumentError } from 'commander'

/** For options that take a whole number of at least `from`. */
export function whole(from: number, to = Number.MAX_SAFE_INTEGER): (text: string) => number {
  return text => {
    const number = /^\d+$/.test(text) ? Number(text) : Number.NaN
    if (number >= from && number <= to) return number
    const most = to === Number.MAX_SAFE_INTEGER ? '' : ` and at most ${to}`
    throw new InvalidArgumentError(`It must be a whole number of at least ${from}${most}.`)
  }
}

export const port = whole(0, 65_535)
