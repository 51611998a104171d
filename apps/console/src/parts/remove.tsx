import { Button, Group, Modal, Stack, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { useDo } from '../api.ts'
import { CopyAs } from './copy-as.tsx'

/** Asks once more before something is deleted for good. */
export function Remove({
  name,
  words,
  remove,
  path,
  cli,
  onClose,
}: {
  readonly name: string
  readonly words: string
  readonly remove: () => Promise<unknown>
  /** The same for a script: see CopyAs. */
  readonly path: string
  readonly cli: string
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
        <CopyAs path={path} body={{}} cli={cli} />
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
