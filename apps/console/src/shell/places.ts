import {
  IconApi,
  IconArrowsExchange,
  IconArrowFork,
  IconHome,
  IconParking,
  IconPlug,
  IconScale,
  IconWebhook,
} from '@tabler/icons-react'

/** Where one can go, and the key after `g`. */
export const PLACES = [
  { to: '/', name: 'home', key: 'h', Icon: IconHome },
  { to: '/parked', name: 'parked', key: 'p', Icon: IconParking },
  { to: '/flows', name: 'flows', key: 'f', Icon: IconArrowsExchange },
  { to: '/connections', name: 'connections', key: 'c', Icon: IconPlug },
  { to: '/mapping', name: 'mapping', key: 'm', Icon: IconArrowFork },
  { to: '/compare', name: 'compare', key: 'b', Icon: IconScale },
  { to: '/webhooks', name: 'webhooks', key: 'w', Icon: IconWebhook },
  { to: '/reference', name: 'reference', key: 'a', Icon: IconApi },
] as const
