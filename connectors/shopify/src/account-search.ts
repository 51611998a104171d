import { sameEmail, tidyEmail } from '@linchpin/model'
import { z } from 'zod'
import type { Operation } from './client.ts'
import type { Session } from './session.ts'

/** By the unique e-mail address, from Shopify's tables and not from its search, which learns of customers later. */
export async function customerOfEmail({ client }: Session, email: string): Promise<string | null> {
  // Shopify answers an error, and not nothing, to what cannot be an address.
  if (!/^[^\s@<>"]+@[^\s@<>"]+\.[^\s@<>"]+$/.test(email.trim())) return null
  const { customerByIdentifier: found } = await client.ask(byEmail, { email: tidyEmail(email) })
  const theirs = found?.defaultEmailAddress?.emailAddress ?? ''
  return found && sameEmail(theirs, email) ? found.id : null
}

const byEmailData = z.object({
  customerByIdentifier: z
    .object({ id: z.string(), defaultEmailAddress: z.object({ emailAddress: z.string() }).nullable() })
    .nullable(),
})
export const byEmail: Operation<z.infer<typeof byEmailData>> = {
  text: `query CustomerOfEmail($email: String!) {
    customerByIdentifier(identifier: { emailAddress: $email }) { id defaultEmailAddress { emailAddress } } }`,
  data: byEmailData,
}
