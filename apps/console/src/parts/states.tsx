import { ApiTrouble } from '@linchpin/api/client'
import { Alert, Anchor, Button, Center, Skeleton, Stack, Text, Title } from '@mantine/core'
import { IconAlertTriangle, IconSearchOff } from '@tabler/icons-react'
import type { UseQueryResult } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'

/** What a question looks like before, without, and with its answer. */
export function Answered<Data>({
  query,
  title,
  children,
}: {
  readonly query: UseQueryResult<Data>
  /** Of the page, where what is answered brings its own. */
  readonly title?: string
  readonly children: (data: Data) => ReactNode
}) {
  if (query.data !== undefined) return <>{children(query.data)}</>
  return (
    <>
      {title !== undefined && <PageTitle title={title} />}
      {query.error ? <Failed error={query.error} again={() => void query.refetch()} /> : <Loading />}
    </>
  )
}

export function Loading() {
  const { t } = useTranslation()
  return (
    <Stack role="status" aria-label={t('states.loading')}>
      <Skeleton height={56} />
      <Skeleton height={120} />
      <Skeleton height={120} />
    </Stack>
  )
}

function Failed({ error, again }: { readonly error: Error; readonly again: () => void }) {
  const { t } = useTranslation()
  const unreachable = error instanceof ApiTrouble && error.status === 0
  if (error instanceof ApiTrouble && error.status === 404) return <NotThere words={error.message} />
  return (
    <Alert color="red" variant="light" title={t('states.failed')} icon={<IconAlertTriangle aria-hidden />}>
      <Text size="sm">{unreachable ? t('states.unreachable') : error.message}</Text>
      <Button mt="sm" size="xs" variant="default" onClick={again}>
        {t('states.again')}
      </Button>
    </Alert>
  )
}

/** No fault of ours: who came by an old link, or mistyped, goes on from here. */
function NotThere({ words }: { readonly words: string }) {
  const { t } = useTranslation()
  return (
    <Empty icon={<IconSearchOff size={32} aria-hidden />} title={t('states.notThere')}>
      <Text size="sm" className="wraps" mb="xs">
        {words}
      </Text>
      {t('states.notThereWords')}
      <br />
      <Anchor component={Link} to="/" size="sm">
        {t('states.toHome')}
      </Anchor>
    </Empty>
  )
}

/** Nothing is there, and what to do next. */
export function Empty({
  icon,
  title,
  children,
}: {
  readonly icon?: ReactNode
  readonly title: string
  readonly children?: ReactNode
}) {
  return (
    <Center className="card" py="xl">
      <Stack align="center" gap="xs" maw={460} ta="center">
        {icon}
        <Text fw={600}>{title}</Text>
        <Text component="div" size="sm" className="quiet">
          {children}
        </Text>
      </Stack>
    </Center>
  )
}

export function NoPage() {
  const { t } = useTranslation()
  return (
    <>
      <PageTitle title={t('states.noPage')} />
      <Anchor component={Link} to="/">
        {t('states.toHome')}
      </Anchor>
    </>
  )
}

export function PageTitle({ title, children }: { readonly title: string; readonly children?: ReactNode }) {
  return (
    <div className="page-title">
      <Title order={1} size="h2">
        {title}
      </Title>
      {children}
    </div>
  )
}
