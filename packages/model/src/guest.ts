import { tidyEmail } from './match.ts'
import type { SalesOrder } from './order.ts'
import type { Account, Address } from './party.ts'

/**
 * The account of someone who bought without registering: it exists at the shop only inside orders, yet the ERP needs
 * a customer. Null when the buyer is registered. Orders of one e-mail address share one account.
 */
export function guestAccount(order: SalesOrder): Account | null {
  const { buyer } = order
  if (!buyer.guest) return null
  const email = emailOf(order)
  const addresses = order.deliveries.flatMap(({ address }) => address ?? [])
  return {
    ...buyer,
    id: idOf(order, email),
    ...(email && { email }),
    ...defined('billingAddress', buyer.billingAddress ?? order.billingAddress),
    ...defined('deliveryAddresses', buyer.deliveryAddresses ?? nonEmpty(addresses)),
    ...defined('modifiedAt', order.modifiedAt),
  }
}

/** The id of a guest's account: 'guest:ada@example.com'. */
export function guestId(email: string): string {
  return `guest:${tidyEmail(email)}`
}

// A till's walk-in customer leaves no e-mail. Were all of them 'guest:', strangers would become one customer.
function idOf(order: SalesOrder, email: string): string {
  if (/^guest:./.test(order.buyer.id)) return order.buyer.id
  return email ? guestId(email) : `guest:order:${order.id}`
}

function emailOf({ buyer, billingAddress, deliveries }: SalesOrder): string {
  const addresses: readonly (Address | undefined)[] = [
    buyer.billingAddress,
    billingAddress,
    ...deliveries.map(({ address }) => address),
  ]
  const emails = [buyer.email, ...addresses.map(address => address?.email)]
  return tidyEmail(emails.find(email => email?.trim()) ?? '')
}

function nonEmpty<Item>(items: readonly Item[]): Item[] | undefined {
  return items.length > 0 ? [...items] : undefined
}

function defined<Name extends string, Value>(name: Name, value: Value | undefined) {
  return (value === undefined ? {} : { [name]: value }) as { [key in Name]?: Value }
}
