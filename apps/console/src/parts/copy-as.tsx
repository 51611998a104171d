import { Button, CopyButton, Group } from '@mantine/core'
import { IconCheck, IconTerminal } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { quoted, word } from './shell-words.ts'

/** The same action for a script: as curl, and for the command line. */
export function CopyAs({
  path,
  body,
  cli,
}: {
  readonly path: string
  readonly body: unknown
  readonly cli: string
}) {
  const url = `${location.origin}/api/v1${path}`
  const known = ON_THIS_MACHINE.has(location.hostname) ? '' : ` -H "authorization: Bearer $LINCHPIN_TOKEN"`
  const curl = `curl -X POST ${word(url)}${known} -H 'content-type: application/json' -d ${quoted(JSON.stringify(body))}`
  return (
    <Group gap={4}>
      <Copy name="cURL" text={curl} />
      <Copy name="CLI" text={cli} />
    </Group>
  )
}

/** There, programs need no key. */
const ON_THIS_MACHINE = new Set(['127.0.0.1', 'localhost', '[::1]'])

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
