import { Problem, type Health } from '@linchpin/connector'
import { z } from 'zod'
import { channelOf, locationOf } from './facts.ts'
import type { Session } from './session.ts'
import { ratesOf } from './taxes.ts'

/** Medusa tells no version over its API. */
export async function health(session: Session): Promise<Health> {
  try {
    const facts = await session.freshFacts()
    await session.client.get('/orders', z.object({ orders: z.array(z.unknown()) }), {
      limit: 1,
      fields: 'id',
    })
    const wrong = [
      ...(await wordsOf(() => locationOf(session))),
      ...(await wordsOf(() => channelOf(session))),
    ]
    const notes = [...wrong, ...(await wordsOf(() => ratesOf(session)))]
    if (facts.shippingProfile === null)
      notes.push(
        'Medusa has no shipping profile: products that Linchpin makes cannot be shipped until it has one.',
      )
    const { clockSkewMs } = session.client
    return {
      is: wrong.length > 0 ? 'degraded' : 'up',
      notes,
      version: 'Medusa 2',
      ...(clockSkewMs !== null && { clockSkewMs }),
      ...(wrong[0] !== undefined && { problem: new Problem('settings', wrong[0]) }),
    }
  } catch (error) {
    if (error instanceof Problem) return { is: 'down', notes: [error.message], problem: error }
    return { is: 'down', notes: ['Medusa could not be asked how it is.'] }
  }
}

async function wordsOf(look: () => Promise<unknown>): Promise<string[]> {
  try {
    await look()
    return []
  } catch (error) {
    if (error instanceof Problem && ['settings', 'refused'].includes(error.kind)) return [error.message]
    throw error
  }
}
