import type { ConnectionDetail } from '@linchpin/api'
import { Alert, Group, Stack, Table, Text, Title } from '@mantine/core'
import { IconPlugConnected } from '@tabler/icons-react'
import { useParams } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { api, useAsked, useDo } from '../api.ts'
import * as commands from '../parts/commands.ts'
import { CopyAs } from '../parts/copy-as.tsx'
import { MayButton } from '../parts/may-button.tsx'
import { Reasons } from '../parts/reasons.tsx'
import { Answered, PageTitle } from '../parts/states.tsx'
import { Time } from '../parts/time.tsx'
import { Verdict } from '../parts/verdict.tsx'
import { Wide } from '../parts/wide.tsx'
import { Credentials } from './credentials.tsx'
import { Pause } from './pause.tsx'

export function Connection() {
  const { name } = useParams({ strict: false }) as { name: string }
  const asked = useAsked(['connection', name], () => api.connection({ name }))
  return (
    <Answered query={asked} title={name}>
      {data => <Detail key={name} of={data} />}
    </Answered>
  )
}

function Detail({ of }: { readonly of: ConnectionDetail }) {
  const { t } = useTranslation()
  const { name, title, verdict, paused } = of.connection
  const test = useDo(() => api.testConnection({ name }))
  return (
    <>
      <PageTitle title={`${name} · ${title}`}>
        <Group gap="xs">
          <Verdict is={verdict.is} />
          <MayButton
            right="operate"
            size="xs"
            loading={test.isPending}
            leftSection={<IconPlugConnected size={14} aria-hidden />}
            onClick={() => test.mutate(undefined)}
          >
            {t('connections.test')}
          </MayButton>
          <Pause kind="connection" name={name} paused={paused} />
        </Group>
      </PageTitle>
      <Stack>
        {test.data && <Tested of={test.data} />}
        <div className="beside">
          <Stack>
            <Settings of={of} />
            <section className="card">
              <Text size="sm">{t('connections.test')}</Text>
              <CopyAs {...commands.testConnection(name)} />
            </section>
          </Stack>
          <Entities of={of.entities} />
        </div>
      </Stack>
    </>
  )
}

const COLOURS = { up: 'green', degraded: 'amber', down: 'red' } as const

function Tested({ of }: { readonly of: Awaited<ReturnType<typeof api.testConnection>> }) {
  const { t } = useTranslation()
  return (
    <Alert
      variant="default"
      title={<Verdict is={COLOURS[of.is]} word={t(`connections.${of.is}`)} />}
      role="status"
    >
      <Text size="sm">
        {of.version ?? of.connector} · {of.took.ms} ms
        {of.clockSkewMs !== null && ` · ${t('connections.skew', { ms: Math.abs(of.clockSkewMs) })}`}
      </Text>
      {of.notes.map(note => (
        <Text key={note} size="sm">
          {note}
        </Text>
      ))}
      {of.sample && (
        <Text size="sm">
          {t('connections.sample', { what: t(`entity.${of.sample.entity}`), title: of.sample.title })}
        </Text>
      )}
    </Alert>
  )
}

function Settings({ of }: { readonly of: ConnectionDetail }) {
  const { t } = useTranslation()
  return (
    <section className="card">
      <Reasons of={of.connection.verdict} />
      <Title order={2} size="h5" mb="xs">
        {t('connections.settings')}
      </Title>
      <dl className="facts">
        {of.settings.map(({ name, value, secret }) => (
          <div key={name} style={{ display: 'contents' }}>
            <dt>{name}</dt>
            <dd>{secret ? t('connections.hidden') : value}</dd>
          </div>
        ))}
        {of.webhookUrl && (
          <>
            <dt>{t('connections.webhook')}</dt>
            <dd>{of.webhookUrl}</dd>
          </>
        )}
      </dl>
      <Title order={3} size="h6" mt="md" mb={4}>
        {t('connections.credentials')}
      </Title>
      <Credentials of={of} />
      <Text size="xs" className="quiet" mt="xs">
        {t('connections.secretWords', { name: of.connection.name })}
      </Text>
    </section>
  )
}

function Entities({ of }: { readonly of: ConnectionDetail['entities'] }) {
  const { t } = useTranslation()
  const yes = (holds: boolean) => (holds ? t('connections.yes') : '–')
  return (
    <section className="card">
      <Title order={2} size="h5" mb="xs">
        {t('connections.entities')}
      </Title>
      <Wide least={560} file="records">
        <Table verticalSpacing={6}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t('flows.what')}</Table.Th>
              <Table.Th ta="right">{t('connections.known')}</Table.Th>
              <Table.Th>{t('connections.reads')}</Table.Th>
              <Table.Th>{t('connections.writes')}</Table.Th>
              <Table.Th>{t('connections.matches')}</Table.Th>
              <Table.Th>{t('connections.lastRead')}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {of.map(each => (
              <Table.Tr key={each.entity}>
                <Table.Td>{t(`entity.${each.entity}`)}</Table.Td>
                <Table.Td ta="right">{each.count}</Table.Td>
                <Table.Td>{yes(each.poll || each.get)}</Table.Td>
                <Table.Td>
                  {each.write === null
                    ? '–'
                    : t(`connections.repeat.${each.write}` as 'connections.repeat.safe')}
                </Table.Td>
                <Table.Td>{yes(each.match)}</Table.Td>
                <Table.Td>{each.problem ?? <Time at={each.finishedAt} />}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Wide>
    </section>
  )
}
