import { Button, CopyButton, Group } from '@mantine/core'
import { IconCheck, IconTerminal } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import type { Command } from './commands.ts'
import { curlOf } from './curl.ts'

/** The same action for a script: as curl, and for the command line. */
export function CopyAs(of: Command) {
  return (
    <Group gap={4}>
      <Copy name="cURL" text={curlOf(of, location)} />
      <Copy name="CLI" text={of.cli} />
    </Group>
  )
}

function Copy({ name, text }: { readonly name: string; readonly text: string }) {
  const { t } = useTranslation()
  return (
    <CopyButton value={text}>
      {({ copied, copy }) => (
        <Button
          size="compact-xs"
          variant="subtle"
          color="gray"
          onClick={copy}
          title={text}
          leftSection={copied ? <IconCheck size={12} aria-hidden /> : <IconTerminal size={12} aria-hidden />}
        >
          {copied ? t('states.copied') : t('actions.copyAs', { name })}
        </Button>
      )}
    </CopyButton>
  )
}
