import { IconHome } from '@tabler/icons-react'

/** Where one can go, and the key after `g`. */
export const PLACES = [{ to: '/', name: 'home', key: 'h', Icon: IconHome }] as const
