import type { Right } from '@linchpin/api'
import {
  IconApi,
  IconArrowsExchange,
  IconArrowFork,
  IconBell,
  IconHome,
  IconKey,
  IconListCheck,
  IconParking,
  IconPlug,
  IconScale,
  IconUsers,
  IconWebhook,
} from '@tabler/icons-react'

/** Where one can go, the right that it takes, and the key after `g`. */
const PLACES = [
  { to: '/', name: 'home', right: 'look', key: 'h', Icon: IconHome },
  { to: '/parked', name: 'parked', right: 'look', key: 'p', Icon: IconParking },
  { to: '/flows', name: 'flows', right: 'look', key: 'f', Icon: IconArrowsExchange },
  { to: '/connections', name: 'connections', right: 'look', key: 'c', Icon: IconPlug },
  { to: '/mapping', name: 'mapping', right: 'look', key: 'm', Icon: IconArrowFork },
  { to: '/compare', name: 'compare', right: 'look', key: 'b', Icon: IconScale },
  { to: '/webhooks', name: 'webhooks', right: 'look', key: 'w', Icon: IconWebhook },
  { to: '/alerts', name: 'alerts', right: 'look', key: 'n', Icon: IconBell },
  { to: '/reference', name: 'reference', right: 'look', key: 'a', Icon: IconApi },
  { to: '/people', name: 'people', right: 'people', key: 'e', Icon: IconUsers },
  { to: '/api-keys', name: 'apiKeys', right: 'people', key: 'k', Icon: IconKey },
  { to: '/audit', name: 'audit', right: 'audit', key: 'l', Icon: IconListCheck },
] as const satisfies readonly { readonly right: Right; [name: string]: unknown }[]

/** Those that somebody with these rights can go to. */
export const placesFor = (rights: readonly Right[]) => PLACES.filter(({ right }) => rights.includes(right))

export type Places = ReturnType<typeof placesFor>
