import type { WebhookCall } from '@linchpin/api'
import { Button, Collapse, Group, Stack, Text } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconWebhook } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { api, useAsked } from '../api.ts'
import { Answered, Empty, PageTitle } from '../parts/states.tsx'
import { Time } from '../parts/time.tsx'
import { Verdict } from '../parts/verdict.tsx'
import { Data } from './record.tsx'

const COLOURS = {
  kept: 'green',
  known: 'calm',
  greeting: 'calm',
  forged: 'red',
  unreadable: 'amber',
} as const

/** What rang at the door, and what became of it. */
export function Webhooks() {
  const { t } = useTranslation()
  const asked = useAsked(['webhooks'], () => api.webhooks({}))
  return (
    <>
      <PageTitle title={t('nav.webhooks')} />
      <Answered query={asked}>
        {({ calls }) =>
          calls.length === 0 ? (
            <Empty icon={<IconWebhook size={32} aria-hidden />} title={t('webhooks.none')}>
              {t('webhooks.noneWords')}
            </Empty>
          ) : (
            <Stack gap="xs">
              {calls.map(call => (
                <Call key={`${call.at} ${call.connection} ${JSON.stringify(call.headers)}`} of={call} />
              ))}
            </Stack>
          )
        }
      </Answered>
    </>
  )
}

function Call({ of }: { readonly of: WebhookCall }) {
  const { t } = useTranslation()
  const [open, { toggle }] = useDisclosure()
  return (
    <article className="card">
      <Group justify="space-between">
        <Group gap="sm">
          <Verdict is={COLOURS[of.verdict]} word={t(`webhooks.${of.verdict}`)} />
          <Text size="sm">
            {of.connection} · {t('webhooks.bytes', { count: of.bytes })}
          </Text>
        </Group>
        <Group gap="sm">
          <Text size="xs" className="quiet">
            <Time at={of.at} />
          </Text>
          <Button size="compact-xs" variant="subtle" onClick={toggle} aria-expanded={open}>
            {t('webhooks.show')}
          </Button>
        </Group>
      </Group>
      <Collapse expanded={open}>{open && <Data of={{ headers: of.headers, body: of.body }} />}</Collapse>
    </article>
  )
}
