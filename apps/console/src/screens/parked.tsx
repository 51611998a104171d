import type { CauseAnswer } from '@linchpin/api'
import { Anchor, Badge, Button, Group, SegmentedControl, Stack, Text } from '@mantine/core'
import { IconConfetti, IconDownload } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api, useAsked } from '../api.ts'
import { Amounts } from '../parts/amounts.tsx'
import { saveCsv } from '../parts/csv.ts'
import { Answered, Empty, PageTitle } from '../parts/states.tsx'
import { Time } from '../parts/time.tsx'

type Shown = 'open' | 'resolved'

/** Everything that needs a person, each cause once. */
export function Parked() {
  const { t } = useTranslation()
  const [shown, show] = useState<Shown>('open')
  const asked = useAsked(['causes'], () => api.causes({}))
  return (
    <>
      <PageTitle title={t('nav.parked')}>
        <Group gap="xs">
          <SegmentedControl
            size="xs"
            value={shown}
            onChange={value => show(value as Shown)}
            data={(['open', 'resolved'] as const).map(value => ({ value, label: t(`parked.${value}`) }))}
          />
          <Button
            size="xs"
            variant="default"
            leftSection={<IconDownload size={14} aria-hidden />}
            onClick={() => saveCsv('parked', rowsOf(asked.data?.causes ?? []))}
          >
            CSV
          </Button>
        </Group>
      </PageTitle>
      <Answered query={asked}>
        {({ causes }) => (
          <Causes of={causes.filter(({ is }) => (is === 'resolved') === (shown === 'resolved'))} />
        )}
      </Answered>
    </>
  )
}

function rowsOf(causes: readonly CauseAnswer[]): readonly (readonly string[])[] {
  const head = ['flow', 'is', 'kind', 'count', 'worth', 'first seen', 'last seen', 'words']
  const rows = causes.map(each => [
    each.flow,
    each.is,
    each.kind,
    String(each.count),
    each.worth.map(({ amount, currency }) => `${amount} ${currency}`).join(' + '),
    each.firstSeenAt,
    each.lastSeenAt,
    each.words,
  ])
  return [head, ...rows]
}

function Causes({ of }: { readonly of: readonly CauseAnswer[] }) {
  const { t } = useTranslation()
  if (of.length === 0)
    return (
      <Empty icon={<IconConfetti size={32} aria-hidden />} title={t('parked.none')}>
        {t('parked.noneWords')}
      </Empty>
    )
  return (
    <Stack gap="sm">
      {of.map(each => (
        <article key={each.cause} className="card">
          <Group justify="space-between" align="start" mb={4}>
            <Group gap="xs">
              <Badge variant="light" tt="none" color={each.is === 'returned' ? 'red' : 'gray'}>
                {t(`parked.is.${each.is}`)}
              </Badge>
              <Badge variant="default" tt="none">
                {t(`kind.${each.kind}` as 'kind.refused', { defaultValue: each.kind })}
              </Badge>
              <Text size="sm" className="quiet">
                {each.flow}
              </Text>
            </Group>
            <Text fw={650}>
              {t('parked.count', { count: each.count })}
              {each.worth.length > 0 && (
                <>
                  {' '}
                  · <Amounts of={each.worth} />
                </>
              )}
            </Text>
          </Group>
          <Anchor
            component={Link}
            to="/parked/$cause"
            params={{ cause: each.cause } as never}
            className="wraps"
            fw={500}
          >
            {each.words}
          </Anchor>
          <Text size="sm" mt={4}>
            {t(`todo.${each.kind}` as 'todo.refused', { defaultValue: t('todo.surprise') })}
          </Text>
          <Text size="xs" className="quiet" mt={4}>
            {t('parked.first')} <Time at={each.firstSeenAt} /> · {t('parked.last')}{' '}
            <Time at={each.lastSeenAt} />
          </Text>
        </article>
      ))}
    </Stack>
  )
}
