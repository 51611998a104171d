import type { ParkedAnswer } from '@linchpin/api'
import { Button, Group, List, Modal, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'

const SHOWN = 8

/** Before many are touched: how many, and which. */
export function Confirm({
  rows,
  title,
  busy,
  onClose,
  onGo,
}: {
  readonly rows: readonly ParkedAnswer[]
  readonly title: string
  readonly busy: boolean
  readonly onClose: () => void
  readonly onGo: () => void
}) {
  const { t } = useTranslation()
  return (
    <Modal opened onClose={onClose} title={title} closeButtonProps={{ 'aria-label': t('keys.close') }}>
      <Text size="sm">{t('parked.these', { count: rows.length })}</Text>
      <List size="sm" my="sm">
        {rows.slice(0, SHOWN).map(each => (
          <List.Item key={each.id}>{each.label ?? each.id}</List.Item>
        ))}
        {rows.length > SHOWN && <List.Item>{t('parked.more', { count: rows.length - SHOWN })}</List.Item>}
      </List>
      <Group justify="end">
        <Button variant="default" onClick={onClose}>
          {t('actions.cancel')}
        </Button>
        <Button data-autofocus loading={busy} onClick={onGo}>
          {title}
        </Button>
      </Group>
    </Modal>
  )
}
