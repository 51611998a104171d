/** An order as its shop took it: the number is unique within its shop. */
export interface Taken {
  readonly shop: string
  readonly number: string
  readonly total: string
  /** What the shop was told that the ERP calls it. */
  readonly erpNumber: string | null
}

/** An order as it stands in an ERP's books, with the shop's number that it names. */
export interface Booked {
  readonly shop: string
  readonly number: string
  readonly shopNumber: string
  readonly total: string
  readonly isConfirmed: boolean
}

/** A customer of an ERP. */
export interface Customer {
  readonly shop: string
  readonly email: string
}

export interface Books {
  readonly taken: readonly Taken[]
  readonly booked: readonly Booked[]
  readonly customers: readonly Customer[]
}

/** Pure: what is wrong between the shops' books and the ERPs', one line of words each. */
export interface Verdict {
  readonly taken: number
  readonly booked: number
  readonly lost: readonly string[]
  readonly doubled: readonly string[]
  readonly centsOff: readonly string[]
  readonly unconfirmed: readonly string[]
  /** The shop was told no number, or another than the ERP's. */
  readonly untold: readonly string[]
  /** In an ERP without a shop having taken it. */
  readonly invented: readonly string[]
  readonly customersDoubled: readonly string[]
  /** What the shops took and what the ERPs hold, in cents. */
  readonly cents: { readonly taken: number; readonly booked: number }
}

export function compareBooks({ taken, booked, customers }: Books): Verdict {
  const byOrder = grouped(booked, ({ shop, shopNumber }) => `${shop} ${shopNumber}`)
  const orders = taken.map(order => ({ order, found: byOrder.get(nameOf(order)) ?? [] }))
  const names = new Set(taken.map(nameOf))
  const say = (holds: (order: Taken, found: readonly Booked[]) => boolean, words: Words) =>
    orders.filter(({ order, found }) => holds(order, found)).map(({ order, found }) => words(order, found))
  return {
    taken: taken.length,
    booked: booked.length,
    lost: say((_order, found) => found.length === 0, nameOf),
    doubled: say(
      (_order, found) => found.length > 1,
      (order, found) => `${nameOf(order)} as ${found.map(({ number }) => number).join(', ')}`,
    ),
    centsOff: say(
      (order, found) => found.some(({ total }) => centsOf(total) !== centsOf(order.total)),
      (order, found) => `${nameOf(order)}: ${order.total}, and ${found.map(({ total }) => total).join(', ')}`,
    ),
    unconfirmed: say((_order, found) => found.some(({ isConfirmed }) => !isConfirmed), nameOf),
    untold: say(
      (order, found) => found.length > 0 && !found.some(({ number }) => number === order.erpNumber),
      (order, found) => `${nameOf(order)}: told ${order.erpNumber ?? 'nothing'}, it is ${found[0]?.number}`,
    ),
    invented: booked
      .filter(({ shop, shopNumber }) => !names.has(`${shop} ${shopNumber}`))
      .map(({ shop, shopNumber, number }) => `${number} for ${shop} ${shopNumber}`),
    customersDoubled: [...grouped(customers, ({ shop, email }) => `${shop} ${email}`)]
      .filter(([, same]) => same.length > 1)
      .map(([name, same]) => `${name}: ${same.length} times`),
    cents: { taken: sumOf(taken), booked: sumOf(booked) },
  }
}

type Words = (order: Taken, found: readonly Booked[]) => string

export function isRight(verdict: Verdict): boolean {
  const { lost, doubled, centsOff, unconfirmed, untold, invented, customersDoubled } = verdict
  const wrong = [lost, doubled, centsOff, unconfirmed, untold, invented, customersDoubled]
  return wrong.every(list => list.length === 0) && verdict.cents.taken === verdict.cents.booked
}

/** Map.groupBy, which Node 20 does not have. */
function grouped<Item>(items: readonly Item[], keyOf: (item: Item) => string): Map<string, readonly Item[]> {
  const groups = new Map<string, Item[]>()
  for (const item of items) {
    const key = keyOf(item)
    const group = groups.get(key)
    if (group) group.push(item)
    else groups.set(key, [item])
  }
  return groups
}

const nameOf = ({ shop, number }: Taken) => `${shop} ${number}`

function sumOf(orders: readonly { readonly total: string }[]): number {
  return orders.reduce((sum, { total }) => sum + centsOf(total), 0)
}

/** Whole cents; what is no amount with two decimals counts as wrong everywhere. */
function centsOf(total: string): number {
  return /^-?\d+\.\d\d$/.test(total) ? Number(total.replace('.', '')) : Number.NaN
}
