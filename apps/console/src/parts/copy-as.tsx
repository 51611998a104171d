import { Button, CopyButton, Group } from '@mantine/core'
import { IconCheck, IconTerminal } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import type { Command } from './commands.ts'
import { curlOf } from './curl.ts'

/** The same action for a script: as curl, and for the command line. */
export function CopyAs(of: Command) {
  const { t } = useTranslation()
  return (
    <Group gap={4}>
      <Copy name="cURL" text={curlOf(of, location)} hint={of.byPages ? t('actions.byPages') : ''} />
      <Copy name="CLI" text={of.cli} />
    </Group>
  )
}

interface Copied {
  readonly name: string
  readonly text: string
  /** Shown with it, and not copied. */
  readonly hint?: string
}

function Copy({ name, text, hint = '' }: Copied) {
  const { t } = useTranslation()
  return (
    <CopyButton value={text}>
      {({ copied, copy }) => (
        <Button
          size="compact-xs"
          variant="subtle"
          color="gray"
          onClick={copy}
          title={hint === '' ? text : `${text}\n${hint}`}
          leftSection={copied ? <IconCheck size={12} aria-hidden /> : <IconTerminal size={12} aria-hidden />}
        >
          {copied ? t('states.copied') : t('actions.copyAs', { name })}
        </Button>
      )}
    </CopyButton>
  )
}
