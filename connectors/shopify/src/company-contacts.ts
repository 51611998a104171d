import { Problem, quoted } from '@linchpin/connector'
import { sameEmail } from '@linchpin/model'
import { z } from 'zod'
import { customerOfEmail } from './account-search.ts'
import { phoneOf } from './account-values.ts'
import type { AccountWrite } from './account-writer.ts'
import type { Operation } from './client.ts'
import type { CompanyLocation } from './company-row.ts'
import { accept, userErrors } from './errors.ts'
import { gid } from './ids.ts'
import type { Session } from './session.ts'

/**
 * Adds the people that the company lacks, and lets them order for this location, in the role that the company gives by
 * default. A customer who is there already becomes one of its people. Nobody is taken away.
 */
export async function haveContacts(session: Session, now: CompanyLocation, row: AccountWrite): Promise<void> {
  const known = now.company.contacts.nodes.map(
    ({ customer }) => customer.defaultEmailAddress?.emailAddress ?? '',
  )
  for (const person of peopleOf(row)) {
    if (known.some(email => sameEmail(email, person.email))) continue
    known.push(person.email)
    const contact = await join(session, now, person)
    await letOrder(session, now, contact)
  }
}

type Person = NonNullable<AccountWrite['contacts']>[number] & { readonly email: string }

function peopleOf({ email, contacts = [] }: AccountWrite): readonly Person[] {
  const own = contacts.filter((each): each is Person => each.email !== undefined && each.email !== '')
  return email && !own.some(each => sameEmail(each.email, email)) ? [{ email }, ...own] : own
}

async function join(session: Session, { company }: CompanyLocation, person: Person): Promise<string> {
  const companyId = gid('Company', company.id)
  const customer = await customerOfEmail(session, person.email)
  const { contact: done } =
    customer === null
      ? await session.client.ask(inviting, { companyId, input: inputOf(person) })
      : await session.client.ask(assigning, { companyId, customerId: gid('Customer', customer) })
  const [who, where] = [quoted(person.email), quoted(company.name)]
  accept(done.userErrors, `${who} cannot order for company ${where} in Shopify`)
  if (done.companyContact) return done.companyContact.id
  throw new Problem('surprise', `Shopify let ${who} join company ${where} and does not show it to us.`)
}

function inputOf({ phone: given, ...person }: Person) {
  const phone = phoneOf(given)
  return { ...person, ...(phone !== undefined && { phone }) }
}

async function letOrder(
  { client }: Session,
  { id, company }: CompanyLocation,
  contact: string,
): Promise<void> {
  const { company: found } = await client.ask(roleOf, { company: gid('Company', company.id) })
  if (!found?.defaultRole) return
  const { companyContactAssignRole: given } = await client.ask(letting, {
    contact: gid('CompanyContact', contact),
    role: gid('CompanyContactRole', found.defaultRole.id),
    location: gid('CompanyLocation', id),
  })
  accept(given.userErrors, `A person of company ${quoted(company.name)} cannot be given a role in Shopify`)
}

const contactData = z.object({
  contact: z.object({ companyContact: z.object({ id: z.string() }).nullable(), userErrors }),
})
export const inviting: Operation<z.infer<typeof contactData>> = {
  text: `mutation CreateContact($companyId: ID!, $input: CompanyContactInput!) {
    contact: companyContactCreate(companyId: $companyId, input: $input) {
      companyContact { id } userErrors { field message code } } }`,
  data: contactData,
}
export const assigning: Operation<z.infer<typeof contactData>> = {
  text: `mutation AssignContact($companyId: ID!, $customerId: ID!) {
    contact: companyAssignCustomerAsContact(companyId: $companyId, customerId: $customerId) {
      companyContact { id } userErrors { field message code } } }`,
  data: contactData,
}

const roleData = z.object({
  company: z.object({ defaultRole: z.object({ id: z.string() }).nullable() }).nullable(),
})
export const roleOf: Operation<z.infer<typeof roleData>> = {
  text: 'query RoleInCompany($company: ID!) { company(id: $company) { defaultRole { id } } }',
  data: roleData,
}

const lettingData = z.object({ companyContactAssignRole: z.object({ userErrors }) })
export const letting: Operation<z.infer<typeof lettingData>> = {
  text: `mutation GiveRole($contact: ID!, $role: ID!, $location: ID!) {
    companyContactAssignRole(companyContactId: $contact, companyContactRoleId: $role, companyLocationId: $location) {
      userErrors { field message code } } }`,
  data: lettingData,
}
