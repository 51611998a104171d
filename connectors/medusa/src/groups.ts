import { findOrMake } from '@linchpin/connector'
import { z } from 'zod'
import type { Session } from './session.ts'

const group = z.object({ id: z.string(), name: z.string() })

/** The customer group of this name, made when Medusa has none. Medusa keeps the names unique. */
export async function groupNamed(session: Session, name: string, key: string | null = null): Promise<string> {
  const find = async () => {
    const { customer_groups } = await session.client.get(
      '/customer-groups',
      z.object({ customer_groups: z.array(group) }),
      { name, fields: 'id,name', limit: 10 },
    )
    return customer_groups.find(each => each.name === name)?.id ?? null
  }
  return findOrMake(find, async () => {
    const body = { name, ...(key !== null && { metadata: { linchpin_key: key } }) }
    const made = await session.client.post('/customer-groups', body, z.object({ customer_group: group }))
    return made.customer_group.id
  })
}
