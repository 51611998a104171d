import { notifications } from '@mantine/notifications'
import { words } from '../words/words.ts'

/** Says something in the corner of the page; its close button has a name for whoever does not see the cross. */
export function tell(what: Parameters<typeof notifications.show>[0]): void {
  notifications.show({ closeButtonProps: { 'aria-label': words.t('keys.close') }, ...what })
}
