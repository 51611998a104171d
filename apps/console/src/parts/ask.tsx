import { Button, Group, Modal, Text, Textarea } from '@mantine/core'
import { useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'

const LEAST = 3

/** Asks for a reason before something is done that others will wonder about. */
export function Ask({
  title,
  words,
  label,
  go,
  children,
  copyAs,
  onClose,
  onGo,
}: {
  readonly title: string
  readonly words: string
  readonly label: string
  readonly go: string
  readonly children?: ReactNode
  /** The same for a script. */
  readonly copyAs: (reason: string) => ReactNode
  readonly onClose: () => void
  readonly onGo: (reason: string) => Promise<void>
}) {
  const { t } = useTranslation()
  const [reason, setReason] = useState('')
  const [busy, setBusy] = useState(false)
  const act = () => {
    setBusy(true)
    // What went wrong is told where it was done; this only goes on or stays.
    onGo(reason.trim()).catch(() => setBusy(false))
  }
  return (
    <Modal opened onClose={onClose} title={title} closeButtonProps={{ 'aria-label': t('keys.close') }}>
      <Text size="sm" mb="sm">
        {words}
      </Text>
      {children}
      <Textarea
        data-autofocus
        label={label}
        value={reason}
        onChange={event => setReason(event.currentTarget.value)}
        autosize
        minRows={2}
        mt="sm"
      />
      <div style={{ marginTop: 8 }}>{copyAs(reason.trim())}</div>
      <Group justify="end" mt="md">
        <Button variant="default" onClick={onClose}>
          {t('actions.cancel')}
        </Button>
        <Button disabled={reason.trim().length < LEAST} loading={busy} onClick={act}>
          {go}
        </Button>
      </Group>
    </Modal>
  )
}
