import { Button, Code, CopyButton, Group, Modal, Stack, Text } from '@mantine/core'
import { IconCheck, IconCopy } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'

/** A secret that is shown now and never again. It closes only by its button: a slip must not lose it. */
export function ShownOnce({
  title,
  words,
  secret,
  children,
  onClose,
}: {
  readonly title: string
  readonly words: string
  readonly secret: string
  readonly children?: ReactNode
  readonly onClose: () => void
}) {
  const { t } = useTranslation()
  return (
    <Modal
      opened
      onClose={onClose}
      title={title}
      size="lg"
      closeOnClickOutside={false}
      closeOnEscape={false}
      withCloseButton={false}
    >
      <Stack gap="sm">
        <Text size="sm">{words}</Text>
        <Code block className="wraps" style={{ whiteSpace: 'pre-wrap' }}>
          {secret}
        </Code>
        {children}
        <Group justify="end">
          <CopyButton value={secret}>
            {({ copied, copy }) => (
              <Button
                data-autofocus
                onClick={copy}
                leftSection={
                  copied ? <IconCheck size={16} aria-hidden /> : <IconCopy size={16} aria-hidden />
                }
              >
                {copied ? t('states.copied') : t('people.copy')}
              </Button>
            )}
          </CopyButton>
          <Button variant="default" onClick={onClose}>
            {t('keys.close')}
          </Button>
        </Group>
      </Stack>
    </Modal>
  )
}
