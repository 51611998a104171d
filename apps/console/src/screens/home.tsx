import type { ConnectionHealth, FlowHealth, HomeAnswer } from '@linchpin/api'
import { Alert, Anchor, Group, Progress, SimpleGrid, Stack, Table, Text, Title } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { api, useAsked } from '../api.ts'
import { useMe } from '../me.ts'
import { Amounts } from '../parts/amounts.tsx'
import { Bars } from '../parts/bars.tsx'
import { Reasons } from '../parts/reasons.tsx'
import { Answered, PageTitle } from '../parts/states.tsx'
import { Time } from '../parts/time.tsx'
import { Verdict } from '../parts/verdict.tsx'

/** The morning's question: does it work, and if not, what is it about? */
export function Home() {
  const { t } = useTranslation()
  const home = useAsked(['home'], () => api.home({}))
  return (
    <>
      <PageTitle title={t('home.title')}>{home.data && <Verdict is={home.data.verdict.is} />}</PageTitle>
      <Answered query={home}>
        {data => (
          <Stack gap="lg">
            <Week at={data.at} />
            <Figures {...data} />
            <section aria-label={t('nav.flows')}>
              <SimpleGrid cols={{ base: 1, md: 2, xl: 3 }}>
                {data.flows.toSorted(worstFirst).map(flow => (
                  <FlowCard key={flow.name} flow={flow} />
                ))}
              </SimpleGrid>
            </section>
            <SimpleGrid cols={{ base: 1, md: 2 }}>
              <Connections of={data.connections} />
              <Changed of={data.changed} />
            </SimpleGrid>
          </Stack>
        )}
      </Answered>
    </>
  )
}

const RANKS = { red: 0, amber: 1, calm: 2, green: 3 } as const
const worstFirst = (left: FlowHealth, right: FlowHealth) => RANKS[left.verdict.is] - RANKS[right.verdict.is]

const WEEK_MS = 7 * 24 * 3_600_000
const LATE_MS = 10 * 60_000

/** A demo begins a week ago and catches up; until then its times are not those of whoever looks. */
function Week({ at }: { readonly at: string }) {
  const { t, i18n } = useTranslation()
  const behindMs = Date.now() - Date.parse(at)
  if (useMe().data?.demo !== true || behindMs < LATE_MS) return null
  const day = new Intl.DateTimeFormat(i18n.language, { weekday: 'long', hour: 'numeric', minute: '2-digit' })
  return (
    <Alert variant="light" color="pin" role="status">
      <Text size="sm" mb={6}>
        {t('home.week', { day: day.format(new Date(at)) })}
      </Text>
      <Progress value={(1 - behindMs / WEEK_MS) * 100} size="sm" aria-label={t('home.weekGone')} />
    </Alert>
  )
}

function Figures({ flows, parked, stuck, connections }: HomeAnswer) {
  const { t } = useTranslation()
  const open = flows.reduce((sum, flow) => sum + flow.open, 0)
  const backlog = connections.reduce((sum, each) => sum + each.backlog, 0)
  const oldest = flows.flatMap(({ oldestOwedAt }) => oldestOwedAt ?? []).toSorted()[0] ?? null
  return (
    <SimpleGrid cols={{ base: 2, md: 4 }}>
      <Figure name={t('home.stuck')}>{stuck.length === 0 ? '0' : <Amounts of={stuck} />}</Figure>
      <Figure name={t('home.parked')}>
        <Anchor component={Link} to="/parked" inherit>
          {parked}
        </Anchor>
      </Figure>
      <Figure name={t('home.backlog')}>{open + backlog}</Figure>
      <Figure name={t('home.oldest')}>{oldest === null ? '–' : <Time at={oldest} />}</Figure>
    </SimpleGrid>
  )
}

function Figure({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <div className="card">
      <Text size="sm" className="quiet">
        {name}
      </Text>
      <Text fz={{ base: 'lg', sm: 'xl' }} fw={650} component="div">
        {children}
      </Text>
    </div>
  )
}

function FlowCard({ flow }: { readonly flow: FlowHealth }) {
  const { t, i18n } = useTranslation()
  const { all, inTime, withinMs } = flow.punctual
  const share = new Intl.NumberFormat(i18n.language, { style: 'percent', maximumFractionDigits: 1 }).format(
    all === 0 ? 1 : inTime / all,
  )
  const facts = {
    share,
    what: t(`many.${flow.entity}`),
    to: flow.to,
    minutes: withinMs / 60_000,
    count: all,
  }
  const written = flow.hours.reduce((sum, each) => sum + each, 0)
  return (
    <article className="card">
      <Group justify="space-between" wrap="nowrap" align="start" mb={4}>
        <Anchor
          component={Link}
          to="/flows/$name"
          params={{ name: flow.name } as never}
          fw={600}
          className="wraps"
        >
          {flow.name}
        </Anchor>
        <Verdict is={flow.verdict.is} />
      </Group>
      <Text size="sm" className="quiet" mb="xs">
        {all === 0 ? t('home.quiet', facts) : t('home.sentence', facts)}
      </Text>
      <Reasons of={flow.verdict} />
      <Bars of={flow.hours} label={t('home.written', { count: written })} />
      <Group gap="md" mt={4}>
        <Text size="xs" className="quiet">
          {t('home.open', { count: flow.open })}
        </Text>
        {flow.stuck.length > 0 && (
          <Text size="xs" className="quiet">
            {t('home.stuck')}: <Amounts of={flow.stuck} />
          </Text>
        )}
      </Group>
    </article>
  )
}

function Connections({ of }: { readonly of: readonly ConnectionHealth[] }) {
  const { t } = useTranslation()
  return (
    <section className="card">
      <Title order={2} size="h4" mb="sm">
        {t('nav.connections')}
      </Title>
      <Stack gap="md">
        {of.map(each => (
          <div key={each.name}>
            <Group justify="space-between">
              <Anchor component={Link} to="/connections/$name" params={{ name: each.name } as never} fw={600}>
                {each.name} <span className="quiet">· {each.title}</span>
              </Anchor>
              <Verdict is={each.verdict.is} />
            </Group>
            <Reasons of={each.verdict} />
            <Text size="xs" className="quiet" mt={4}>
              {t('home.budget', {
                left: each.budget.left,
                of: each.budget.of,
                seconds: each.budget.perMs / 1000,
              })}
            </Text>
            <Progress
              value={(each.budget.left / each.budget.of) * 100}
              size="sm"
              aria-label={t('home.budgetName')}
            />
          </div>
        ))}
      </Stack>
    </section>
  )
}

function Changed({ of }: { readonly of: HomeAnswer['changed'] }) {
  const { t } = useTranslation()
  return (
    <section className="card">
      <Title order={2} size="h4" mb="sm">
        {t('home.changed')}
      </Title>
      <Table>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t('home.what')}</Table.Th>
            <Table.Th ta="right">{t('home.today')}</Table.Th>
            <Table.Th ta="right">{t('home.before')}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {of.map(({ what, now, before }) => (
            <Table.Tr key={what}>
              <Table.Td>{t(`happened.${what}` as 'happened.parked')}</Table.Td>
              <Table.Td ta="right">{now}</Table.Td>
              <Table.Td ta="right">{before}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </section>
  )
}
