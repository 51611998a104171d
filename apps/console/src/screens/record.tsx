import type { TimelineAnswer } from '@linchpin/api'
import { Anchor, Badge, Button, Code, Group, Stack, Tabs, Text, Textarea, Title } from '@mantine/core'
import { IconExternalLink, IconEye, IconPencil } from '@tabler/icons-react'
import { useParams } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api, useAsked, useDo } from '../api.ts'
import { useStateWords } from '../parts/named.ts'
import { Amounts } from '../parts/amounts.tsx'
import { Ask } from '../parts/ask.tsx'
import * as commands from '../parts/commands.ts'
import { CopyAs } from '../parts/copy-as.tsx'
import { MayButton } from '../parts/may-button.tsx'
import { shownId } from '../parts/shown-id.ts'
import { RecordLink } from '../parts/record-link.tsx'
import { Answered, PageTitle } from '../parts/states.tsx'
import { StateChip } from '../parts/state-chip.tsx'
import { Time } from '../parts/time.tsx'
import { Correct } from './correct.tsx'
import { Correction } from './correction.tsx'
import { Timeline } from './timeline.tsx'

type Key = Pick<TimelineAnswer['record'], 'connection' | 'entity' | 'id'>

/** One record over all connections: what it is, what belongs to it, and what happened. */
export function Record() {
  const { connection, entity, id } = useParams({ strict: false }) as Key
  // From one to another nothing goes along: not what was shown of somebody, not what was typed.
  return <One key={`${connection} ${entity} ${id}`} at={{ connection, entity, id }} />
}

function One({ at }: { readonly at: Key }) {
  const { t } = useTranslation()
  const asked = useAsked(['timeline', at], () => api.timeline(at))
  const [revealed, reveal] = useState<TimelineAnswer | null>(null)
  return (
    <Answered query={asked} title={`${t(`entity.${at.entity}`)} ${shownId(at.id)}`}>
      {data => <Story story={revealed ?? data} at={at} onReveal={reveal} />}
    </Answered>
  )
}

function Story({
  story,
  at,
  onReveal,
}: {
  readonly story: TimelineAnswer
  readonly at: Key
  readonly onReveal: (story: TimelineAnswer) => void
}) {
  const { t } = useTranslation()
  const { record } = story
  const [asking, ask] = useState(false)
  const [correcting, correct] = useState(false)
  const look = useDo((reason: string) => api.reveal({ ...at, reason }))
  return (
    <>
      <PageTitle title={`${t(`entity.${record.entity}`)} ${record.label}`}>
        <Group gap="xs">
          {!story.revealed && (
            <MayButton
              right="reveal"
              variant="default"
              size="xs"
              leftSection={<IconEye size={14} aria-hidden />}
              onClick={() => ask(true)}
            >
              {t('record.reveal')}
            </MayButton>
          )}
          <MayButton
            right="operate"
            variant="default"
            size="xs"
            leftSection={<IconPencil size={14} aria-hidden />}
            onClick={() => correct(true)}
          >
            {t('correct.do')}
          </MayButton>
          {record.url && (
            <Button
              component="a"
              href={record.url}
              target="_blank"
              rel="noreferrer"
              size="xs"
              leftSection={<IconExternalLink size={14} aria-hidden />}
            >
              {t('record.open', { system: record.connection })}
            </Button>
          )}
        </Group>
      </PageTitle>
      {asking && (
        <Ask
          title={t('record.reveal')}
          words={t('record.revealWords')}
          label={t('actions.reason')}
          go={t('record.reveal')}
          copyAs={reason => <CopyAs {...commands.reveal(at, reason)} />}
          onClose={() => ask(false)}
          onGo={async reason => {
            onReveal(await look.mutateAsync(reason))
            ask(false)
          }}
        />
      )}
      {correcting && <Correct at={at} onClose={() => correct(false)} />}
      <div className="beside">
        <Stack>
          <Facts story={story} />
          <Correction of={record} />
          <Related story={story} />
          <Comments at={at} />
        </Stack>
        <Tabs defaultValue="timeline" className="card" keepMounted={false}>
          <Tabs.List>
            <Tabs.Tab value="timeline">{t('record.timeline')}</Tabs.Tab>
            <Tabs.Tab value="canonical">{t('record.canonical')}</Tabs.Tab>
            <Tabs.Tab value="row">{t('record.row')}</Tabs.Tab>
          </Tabs.List>
          <Tabs.Panel value="timeline" pt="md">
            <Timeline events={story.events} />
          </Tabs.Panel>
          <Tabs.Panel value="canonical" pt="md">
            <Data of={record.canonical} />
          </Tabs.Panel>
          <Tabs.Panel value="row" pt="md">
            <Data of={record.row} />
          </Tabs.Panel>
        </Tabs>
      </div>
    </>
  )
}

export function Data({ of }: { readonly of: unknown }) {
  return (
    <Code block className="data" tabIndex={0}>
      {JSON.stringify(of, null, 2)}
    </Code>
  )
}

function Facts({ story: { record, deliveries } }: { readonly story: TimelineAnswer }) {
  const { t } = useTranslation()
  const stateWords = useStateWords()
  return (
    <section className="card">
      <dl className="facts">
        <dt>{t('record.system')}</dt>
        <dd>
          {record.connection} · {shownId(record.id)}
        </dd>
        {record.total && (
          <>
            <dt>{t('record.total')}</dt>
            <dd>
              <Amounts of={[record.total]} />
            </dd>
          </>
        )}
        <dt>{t('record.state')}</dt>
        <dd>{record.gone ? t('record.gone') : stateWords(record.entity, record.state) || '–'}</dd>
        <dt>{t('record.changed')}</dt>
        <dd>
          <Time at={record.changedAt} />
        </dd>
        <dt>{t('record.read')}</dt>
        <dd>
          <Time at={record.readAt} />
        </dd>
      </dl>
      {record.problem && <Text size="sm">{record.problem}</Text>}
      <Stack gap={6} mt="sm">
        {deliveries.map(each => (
          <Group key={`${each.flow} ${each.id}`} justify="space-between" gap="xs">
            <Text size="sm" className="wraps">
              {each.flow}
            </Text>
            <StateChip is={each.state} />
            {each.trouble && each.state !== 'done' && (
              <Text size="xs" className="quiet wraps">
                {each.trouble.words}
              </Text>
            )}
          </Group>
        ))}
      </Stack>
    </section>
  )
}

function Related({ story }: { readonly story: TimelineAnswer }) {
  const { t } = useTranslation()
  const stateWords = useStateWords()
  return (
    <section className="card">
      <Title order={2} size="h5" mb="xs">
        {t('record.related')}
      </Title>
      <Stack gap={8}>
        {story.related.map(each => (
          <Group
            key={`${each.connection} ${each.entity} ${each.id}`}
            justify="space-between"
            wrap="nowrap"
            gap="xs"
          >
            <div>
              <RecordLink of={each}>
                {t(`entity.${each.entity}`)} {each.label}
              </RecordLink>
              <Text size="xs" className="quiet">
                {stateWords(each.entity, each.state)}
              </Text>
            </div>
            <Group gap={4} wrap="nowrap">
              <Badge variant="default" tt="none">
                {each.connection}
              </Badge>
              {each.url && (
                <Anchor
                  href={each.url}
                  target="_blank"
                  rel="noreferrer"
                  aria-label={t('record.open', { system: each.connection })}
                >
                  <IconExternalLink size={16} aria-hidden />
                </Anchor>
              )}
            </Group>
          </Group>
        ))}
      </Stack>
    </section>
  )
}

function Comments({ at }: { readonly at: Key }) {
  const { t } = useTranslation()
  const [words, setWords] = useState('')
  const say = useDo(
    () => api.comment({ ...at, words }),
    () => t('record.said'),
  )
  return (
    <section className="card">
      <Textarea
        label={t('record.comment')}
        description={t('record.commentWords')}
        autosize
        minRows={2}
        value={words}
        onChange={event => setWords(event.currentTarget.value)}
      />
      <Group justify="space-between" mt="xs">
        <MayButton
          right="comment"
          size="xs"
          disabled={words.trim() === ''}
          loading={say.isPending}
          onClick={() => say.mutate(undefined, { onSuccess: () => setWords('') })}
        >
          {t('record.say')}
        </MayButton>
        <CopyAs {...commands.comment(at, words)} />
      </Group>
    </section>
  )
}
