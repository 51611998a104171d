import type { FakeWooCommerce, Purchase } from '@linchpin/connector-woocommerce'
import type { Dice } from './dice.ts'

/** People who buy at the demo shop; all made up. */
const FIRST =
  'Mara Jonas Ines Pieter Sofia Emil Clara Luca Freya Anton Noémie Tilda Henrik Zoë Marek Elin'.split(' ')
const LAST = 'Brandt Jansen Moreau Keller Rossi Nilsson Wagner Dubois Lindgren Novak Peters Vogel'.split(' ')
const PLACES = [
  ['DE', '20095', 'Hamburg'],
  ['DE', '80331', 'München'],
  ['DE', '50667', 'Köln'],
  ['DE', '18055', 'Rostock'],
  ['AT', '1010', 'Wien'],
  ['NL', '1012 AB', 'Amsterdam'],
  ['FR', '69001', 'Lyon'],
  ['DK', '8000', 'Aarhus'],
  ['SE', '411 06', 'Göteborg'],
] as const
const STREETS = ['Hafenstraße', 'Lange Reihe', 'Kirchgasse', 'Am Markt', 'Kanalweg', 'Bergstraße']
const COUNT = 60

export type Address = NonNullable<Purchase['billing']>

/** Those with an account at the shop; answers their ids. */
export function openAccounts(shop: FakeWooCommerce, chance: Dice): readonly number[] {
  return Array.from({ length: COUNT }, (_each, turn) => {
    const { email, ...address } = somebody(chance, turn)
    const { first_name, last_name } = address
    const billing = { ...address, email }
    return shop.createCustomer({ email, first_name, last_name, billing, shipping: address }).id
  })
}

/** An address that no other turn has. */
export function somebody(chance: Dice, turn: number): Address & { readonly email: string } {
  const [first, last] = [chance.pick(FIRST), chance.pick(LAST)]
  const [country, postcode, city] = chance.pick(PLACES)
  return {
    first_name: first,
    last_name: last,
    email: `${plain(first)}.${plain(last)}.${turn}@example.com`,
    phone: `+49 40 ${String(5_550_000 + turn)}`,
    address_1: `${chance.pick(STREETS)} ${1 + chance.upTo(90)}`,
    postcode,
    city,
    country,
  }
}

const plain = (name: string) =>
  name
    .normalize('NFD')
    .replaceAll(/[^a-zA-Z]/g, '')
    .toLowerCase()
