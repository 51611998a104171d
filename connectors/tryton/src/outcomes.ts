import { Unanswered, type Outcome } from '@linchpin/connector'

/** The outcome of a create call: what was not answered is unknown, what was refused is thrown on. */
export async function creating(
  key: string,
  create: Promise<number>,
): Promise<{ id: string } | Extract<Outcome, { is: 'unknown' }>> {
  try {
    return { id: String(await create) }
  } catch (error) {
    if (error instanceof Unanswered) return { key, is: 'unknown', problem: error }
    throw error
  }
}

/** 'shop/SalesOrder/1042' as people can read it in Tryton, and as it can be searched: 'shop/1042'. */
export function shortKey(key: string): string {
  const [connection, , ...rest] = key.split('/')
  return rest.length === 0 ? key : `${connection}/${rest.join('/')}`
}
