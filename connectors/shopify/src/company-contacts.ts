import { orProblem, Problem, quoted } from '@linchpin/connector'
import { sameEmail } from '@linchpin/model'
import { z } from 'zod'
import { customerOfEmail } from './account-search.ts'
import { phoneOf } from './account-values.ts'
import type { AccountWrite } from './account-writer.ts'
import type { Operation } from './client.ts'
import { companyContacts, type CompanyLocation } from './company-row.ts'
import type { CompanyContact } from './contact-row.ts'
import { accept, userErrors } from './errors.ts'
import { gid } from './ids.ts'
import { listOf, type InnerList } from './inner-list.ts'
import type { Session } from './session.ts'

/**
 * Adds the people that the company lacks, and lets all of them order for this location, in the role that the company gives
 * by default. A customer who is there already becomes one of its people. Nobody is taken away.
 */
export async function haveContacts(session: Session, now: CompanyLocation, row: AccountWrite): Promise<void> {
  const people = peopleOf(row)
  if (people.length === 0) return
  const roles = await listOf(session, locationRoles, now.id)
  const mayOrder = new Set(roles.map(({ companyContact }) => companyContact.id))
  for (const person of people) {
    const contact = await haveContact(session, now, person)
    // One who joined before may be left without a role: the two are asked for one after the other.
    if (mayOrder.has(contact)) continue
    await letOrder(session, now, contact)
    mayOrder.add(contact)
  }
}

/** This person's id among the company's people. */
async function haveContact(session: Session, now: CompanyLocation, person: Person): Promise<string> {
  const known = contactIn(now.company.contacts.nodes, person)
  if (known !== null) return known
  const joined = await orProblem(join(session, now, person))
  if (typeof joined === 'string') return joined
  // Who joined since we looked cannot join again, and is there.
  const theirs =
    joined.kind === 'refused'
      ? contactIn(await listOf(session, companyContacts, now.company.id), person)
      : null
  if (theirs !== null) return theirs
  throw joined
}

function contactIn(contacts: readonly CompanyContact[], { email }: Person): string | null {
  const isIt = (their: string | undefined) => their !== undefined && sameEmail(their, email)
  return contacts.find(({ customer }) => isIt(customer.defaultEmailAddress?.emailAddress))?.id ?? null
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
  // Given by someone else meanwhile.
  if (given.userErrors.some(({ code }) => code === 'TAKEN')) return
  accept(given.userErrors, `A person of company ${quoted(company.name)} cannot be given a role in Shopify`)
}

const roleAssignment = z.object({ companyContact: z.object({ id: z.string() }) })
export const locationRoles: InnerList<z.infer<typeof roleAssignment>> = {
  name: 'RolesAtLocation',
  type: 'CompanyLocation',
  field: 'roleAssignments',
  selection: 'companyContact { id }',
  schema: roleAssignment,
  first: 50,
  more: 250,
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
