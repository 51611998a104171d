import { Group, Kbd, Modal, Stack, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { Places } from './places.ts'

export function KeySheet({ places, onClose }: { readonly places: Places; readonly onClose: () => void }) {
  const { t } = useTranslation()
  const rows: readonly (readonly [string, readonly string[]])[] = [
    [t('keys.search'), ['/']],
    [t('keys.search'), ['⌘', 'K']],
    [t('keys.help'), ['?']],
    [t('keys.scheme'), ['Shift', 'D']],
    ...places.map(({ name, key }) => [t('keys.go', { place: t(`nav.${name}`) }), ['g', key]] as const),
  ]
  return (
    <Modal
      opened
      onClose={onClose}
      title={t('keys.title')}
      closeButtonProps={{ 'aria-label': t('keys.close') }}
    >
      <Stack gap="xs">
        {rows.map(([words, keys]) => (
          <Group key={keys.join()} justify="space-between">
            <Text size="sm">{words}</Text>
            <Group gap={4}>
              {keys.map(key => (
                <Kbd key={key}>{key}</Kbd>
              ))}
            </Group>
          </Group>
        ))}
      </Stack>
    </Modal>
  )
}
