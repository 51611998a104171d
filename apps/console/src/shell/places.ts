import {
  IconApi,
  IconArrowsExchange,
  IconHome,
  IconParking,
  IconPlug,
  IconWebhook,
} from '@tabler/icons-react'

/** Where one can go, and the key after `g`. */
export const PLACES = [
  { to: '/', name: 'home', key: 'h', Icon: IconHome },
  { to: '/parked', name: 'parked', key: 'p', Icon: IconParking },
  { to: '/flows', name: 'flows', key: 'f', Icon: IconArrowsExchange },
  { to: '/connections', name: 'connections', key: 'c', Icon: IconPlug },
  { to: '/webhooks', name: 'webhooks', key: 'w', Icon: IconWebhook },
  { to: '/reference', name: 'reference', key: 'a', Icon: IconApi },
] as const
