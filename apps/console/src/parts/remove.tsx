import { Button, Group, Modal, Stack, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { useDo } from '../api.ts'

/** Asks once more before something is deleted for good. */
export function Remove({
  name,
  words,
  remove,
  onClose,
}: {
  readonly name: string
  readonly words: string
  readonly remove: () => Promise<unknown>
  readonly onClose: () => void
}) {
  const { t } = useTranslation()
  const removing = useDo(remove, () => {
    onClose()
    return t('alerts.removed', { name })
  })
  return (
    <Modal
      opened
      onClose={onClose}
      title={t('alerts.removeTitle', { name })}
      closeButtonProps={{ 'aria-label': t('keys.close') }}
    >
      <Stack>
        <Text size="sm">{words}</Text>
        <Group justify="end">
          <Button data-autofocus variant="default" onClick={onClose}>
            {t('actions.cancel')}
          </Button>
          <Button color="red" loading={removing.isPending} onClick={() => removing.mutate(undefined)}>
            {t('alerts.remove')}
          </Button>
        </Group>
      </Stack>
    </Modal>
  )
}
