import { Button, Group, Modal, Stack, Text } from '@mantine/core'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useDo } from '../api.ts'
import type { Command } from './commands.ts'
import { CopyAs } from './copy-as.tsx'

/** Asks once more before something is done that somebody will feel. */
export function Sure<Data>({
  title,
  words,
  go,
  grave = false,
  ready = true,
  act,
  done,
  command,
  children,
  onClose,
}: {
  readonly title: string
  readonly words: string
  /** What the button says. */
  readonly go: string
  /** It cannot be undone, or throws somebody out. */
  readonly grave?: boolean
  /** Whether what it asks for is there. */
  readonly ready?: boolean
  readonly act: () => Promise<Data>
  readonly done: (data: Data) => string
  /** Null: no script can do it. */
  readonly command: Command | null
  readonly children?: ReactNode
  readonly onClose: () => void
}) {
  const { t } = useTranslation()
  const acting = useDo(act, data => {
    onClose()
    return done(data)
  })
  return (
    <Modal opened onClose={onClose} title={title} closeButtonProps={{ 'aria-label': t('keys.close') }}>
      <Stack>
        <Text size="sm" className="wraps">
          {words}
        </Text>
        {children}
        {command && <CopyAs {...command} />}
        <Group justify="end">
          <Button {...(grave ? { 'data-autofocus': true } : {})} variant="default" onClick={onClose}>
            {t('actions.cancel')}
          </Button>
          <Button
            {...(grave ? { color: 'red' } : { 'data-autofocus': true })}
            disabled={!ready}
            loading={acting.isPending}
            onClick={() => acting.mutate(undefined)}
          >
            {go}
          </Button>
        </Group>
      </Stack>
    </Modal>
  )
}
