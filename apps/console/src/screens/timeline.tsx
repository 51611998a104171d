import type { TimelineEvent } from '@linchpin/api'
import { Badge, Button, Collapse, Group, Text, ThemeIcon } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconBook, IconEyeCheck, IconLink, IconMessage, IconSend } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { useNamed, useWho } from '../parts/named.ts'
import { shownId } from '../parts/shown-id.ts'
import { StateChip } from '../parts/state-chip.tsx'
import { Time } from '../parts/time.tsx'
import { Data } from './record.tsx'
import classes from './timeline.module.css'

const ICONS = {
  read: IconEyeCheck,
  attempt: IconSend,
  journal: IconBook,
  link: IconLink,
  comment: IconMessage,
} as const

/** What happened to a record and to all that belongs to it, newest first. */
export function Timeline({ events }: { readonly events: readonly TimelineEvent[] }) {
  const { t } = useTranslation()
  return (
    <ol className={classes['line']}>
      {events.map(event => {
        const Icon = ICONS[event.is]
        return (
          <li
            key={`${event.is} ${event.at} ${event.connection} ${event.id} ${detail(event)}`}
            className={classes['event']}
          >
            <ThemeIcon variant="light" size={28} radius="xl" aria-hidden>
              <Icon size={15} />
            </ThemeIcon>
            <div className={classes['told']}>
              <Group gap="xs" justify="space-between" align="start">
                <Text size="sm" fw={600} style={{ overflowWrap: 'anywhere', minWidth: 0 }}>
                  {t(`event.${event.is}`)} · {t(`entity.${event.entity}`)} {shownId(event.id)}
                </Text>
                <Text size="xs" className="quiet" style={{ whiteSpace: 'nowrap' }}>
                  <Time at={event.at} exact />
                </Text>
              </Group>
              <Told event={event} />
            </div>
          </li>
        )
      })}
    </ol>
  )
}

const detail = (event: TimelineEvent) =>
  event.is === 'attempt'
    ? `${event.flow} ${event.attempt}`
    : 'what' in event
      ? `${event.what} ${event.words}`
      : ''

function Told({ event }: { readonly event: TimelineEvent }) {
  const { t } = useTranslation()
  const [named, whoIs] = [useNamed(), useWho()]
  switch (event.is) {
    case 'read':
      return (
        <Text size="sm" className="quiet">
          {t('event.readWords', { from: event.connection, cause: named('why', event.cause) })}
          {event.fields.length > 0 && ` ${t('event.fields', { fields: event.fields.join(', ') })}`}
          {event.mapping > 0 && ` · ${t('mapping.by', { version: event.mapping })}`}
        </Text>
      )
    case 'attempt':
      return <Attempt of={event} />
    case 'journal':
      return (
        <Group gap={6}>
          <Badge variant="default" size="sm" tt="none">
            {named('what', event.what)}
          </Badge>
          <Text size="sm" className="wraps">
            {event.words}
          </Text>
          <Text size="xs" className="quiet">
            {whoIs(event.who)}
            {event.flow ? ` · ${event.flow}` : ''}
          </Text>
        </Group>
      )
    case 'link':
      return (
        <Text size="sm">
          {t('event.linkWords', {
            left: `${event.connection} ${shownId(event.id)}`,
            right: `${event.to.connection} ${shownId(event.to.id)}`,
            how: named('how', event.how),
          })}
        </Text>
      )
    case 'comment':
      return (
        <Text size="sm" className="wraps">
          {event.words} <span className="quiet">– {whoIs(event.who)}</span>
        </Text>
      )
  }
}

function Attempt({ of }: { readonly of: Extract<TimelineEvent, { is: 'attempt' }> }) {
  const { t } = useTranslation()
  const [open, { toggle }] = useDisclosure()
  const named = useNamed()
  const took = of.endedAt === null ? null : Date.parse(of.endedAt) - Date.parse(of.at)
  return (
    <>
      <Group gap={6}>
        <StateChip is={of.outcome ?? 'running'} />
        <Text size="sm" className="wraps">
          {of.flow} · {named('operation', of.operation)}
          {of.targetId ? ` → ${of.targetId}` : ''}
          {took === null ? '' : ` · ${took} ms`}
          {of.mapping > 0 && ` · ${t('mapping.by', { version: of.mapping })}`}
        </Text>
        <Button size="compact-xs" variant="subtle" onClick={toggle} aria-expanded={open}>
          {t('event.request')}
        </Button>
      </Group>
      {of.trouble && (
        <Text size="sm" className="wraps">
          {of.trouble.words}
        </Text>
      )}
      <Collapse expanded={open}>
        <Text size="xs" className="quiet">
          {of.key} · {t('event.attemptNumber', { number: of.attempt })}
        </Text>
        {open && <Data of={of.request} />}
      </Collapse>
    </>
  )
}
