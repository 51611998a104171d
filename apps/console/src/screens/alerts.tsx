import { Group, Stack, Text, Title } from '@mantine/core'
import { IconBell, IconPlus } from '@tabler/icons-react'
import { useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { api, useAsked } from '../api.ts'
import { MayButton } from '../parts/may-button.tsx'
import { Answered, Empty, PageTitle } from '../parts/states.tsx'
import { ChannelForm } from './alert-channel-form.tsx'
import { Channels } from './alert-channels.tsx'
import { Messages } from './alert-messages.tsx'
import { RuleForm } from './alert-rule-form.tsx'
import { Rules } from './alert-rules.tsx'

/** Who is told of what, by which way, and what was told. */
export function Alerts() {
  const { t } = useTranslation()
  // Kept here: the form outlives the empty state that it was opened from.
  const [adding, add] = useState<'channel' | 'rule' | null>(null)
  const asked = useAsked(['alerts'], () => api.alerts({}))
  const addChannel = <Add words={t('alerts.addChannel')} onClick={() => add('channel')} />
  return (
    <>
      <PageTitle title={t('nav.alerts')} />
      <Answered query={asked}>
        {({ rules, channels }) =>
          channels.length === 0 && rules.length === 0 ? (
            <Empty icon={<IconBell size={32} aria-hidden />} title={t('alerts.none')}>
              <Stack align="center">
                {t('alerts.noneWords')}
                {addChannel}
              </Stack>
            </Empty>
          ) : (
            <Stack gap="xl">
              <Part
                title={t('alerts.rules')}
                add={<Add words={t('alerts.addRule')} onClick={() => add('rule')} />}
              >
                <Rules of={rules} channels={channels} />
              </Part>
              <Part title={t('alerts.channels')} add={addChannel}>
                <Channels of={channels} />
              </Part>
              <Part title={t('alerts.told')}>
                <Text size="sm" className="quiet" mb="sm">
                  {t('alerts.atLeastOnce')}
                </Text>
                <Messages />
              </Part>
            </Stack>
          )
        }
      </Answered>
      {adding === 'channel' && <ChannelForm of={null} onClose={() => add(null)} />}
      {adding === 'rule' && (
        <RuleForm of={null} channels={asked.data?.channels ?? []} onClose={() => add(null)} />
      )}
    </>
  )
}

function Part({
  title,
  add,
  children,
}: {
  readonly title: string
  readonly add?: ReactNode
  readonly children: ReactNode
}) {
  return (
    <section aria-label={title}>
      <Group justify="space-between" mb="sm">
        <Title order={2} size="h4">
          {title}
        </Title>
        {add}
      </Group>
      {children}
    </section>
  )
}

function Add({ words, onClick }: { readonly words: string; readonly onClick: () => void }) {
  return (
    <MayButton right="alert" size="xs" leftSection={<IconPlus size={14} aria-hidden />} onClick={onClick}>
      {words}
    </MayButton>
  )
}
