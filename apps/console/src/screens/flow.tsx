import type { FlowDetail } from '@linchpin/api'
import { Anchor, Group, Stack, Table, Text, Title } from '@mantine/core'
import { IconTestPipe } from '@tabler/icons-react'
import { Link, useParams } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { api, useAsked, useDo } from '../api.ts'
import * as commands from '../parts/commands.ts'
import { CopyAs } from '../parts/copy-as.tsx'
import { MayButton } from '../parts/may-button.tsx'
import { Reasons } from '../parts/reasons.tsx'
import { Answered, Empty, PageTitle } from '../parts/states.tsx'
import { StateChip } from '../parts/state-chip.tsx'
import { Time } from '../parts/time.tsx'
import { Verdict } from '../parts/verdict.tsx'
import { Wide } from '../parts/wide.tsx'
import { Pause } from './pause.tsx'
import { Planned } from './planned.tsx'
import { RunNow, Running } from './run.tsx'

/** One flow: how it stands, when it runs, what it did; and what can be asked of it. */
export function Flow() {
  const { name } = useParams({ strict: false }) as { name: string }
  const asked = useAsked(['flow', name], () => api.flow({ name }))
  return (
    <Answered query={asked} title={name}>
      {data => <Detail key={name} of={data} />}
    </Answered>
  )
}

function Detail({ of }: { readonly of: FlowDetail }) {
  const { t } = useTranslation()
  const { flow } = of
  const plan = useDo(() => api.plan({ flow: flow.name }))
  return (
    <>
      <PageTitle title={flow.name}>
        <Group gap="xs">
          <Verdict is={flow.verdict.is} />
          <RunNow flow={flow.name} />
          <MayButton
            right="operate"
            size="xs"
            variant="default"
            loading={plan.isPending}
            leftSection={<IconTestPipe size={14} aria-hidden />}
            onClick={() => plan.mutate(undefined)}
          >
            {t('flows.dryRun')}
          </MayButton>
          <Pause kind="flow" name={flow.name} paused={flow.paused} />
        </Group>
      </PageTitle>
      <Stack>
        <Running flow={flow.name} />
        {plan.data && (
          <Planned key={plan.submittedAt} flow={flow.name} of={plan.data} onClose={() => plan.reset()} />
        )}
        <div className="beside">
          <Stack>
            <Facts of={of} />
            <section className="card">
              <Text size="sm">{t('flows.run')}</Text>
              <CopyAs {...commands.sync(flow.name)} />
              <Text size="sm" mt="xs">
                {t('flows.dryRun')}
              </Text>
              <CopyAs {...commands.plan(flow.name)} />
            </section>
          </Stack>
          <Runs of={of.runs} />
        </div>
      </Stack>
    </>
  )
}

function Facts({ of }: { readonly of: FlowDetail }) {
  const { t, i18n } = useTranslation()
  const { flow } = of
  const often = durationOf(of.schedule, i18n.language)
  return (
    <section className="card">
      <Reasons of={flow.verdict} />
      <dl className="facts">
        <dt>{t('flows.what')}</dt>
        <dd>{t(`entity.${flow.entity}`)}</dd>
        <dt>{t('flows.way')}</dt>
        <dd>
          {flow.from} → {flow.to}, {t(`flows.topology.${of.topology}`, { to: flow.to })}
        </dd>
        <dt>{t('flows.schedule')}</dt>
        <dd>{often === null ? of.schedule : t('flows.every', { duration: often })}</dd>
        <dt>{t('flows.does')}</dt>
        <dd>
          {[
            of.creates && t('flows.creates'),
            of.updates && t('flows.updates'),
            of.matches && t('flows.matches'),
          ]
            .filter(Boolean)
            .join(', ')}
        </dd>
        <dt>{t('nav.mapping')}</dt>
        <dd>
          <Anchor component={Link} to="/mapping/$name" params={{ name: flow.name } as never} size="sm">
            {of.mapping === 0
              ? t('mapping.configuration')
              : t('mapping.liveVersion', { version: of.mapping })}
          </Anchor>
        </dd>
        <dt>{t('nav.compare')}</dt>
        <dd>
          <Anchor component={Link} to="/compare/$flow" params={{ flow: flow.name } as never} size="sm">
            {t('compare.both')}
          </Anchor>
        </dd>
        <dt>{t('flows.next')}</dt>
        <dd>
          {worthTelling(of.nextRuns).map(at => (
            <div key={at}>
              <Time at={at} exact />
            </div>
          ))}
        </dd>
      </dl>
      <Group mt="sm" gap="sm">
        {Object.entries(of.states).map(([state, count]) => (
          <Group key={state} gap={4}>
            <StateChip is={state} />
            <Text size="sm">{count}</Text>
          </Group>
        ))}
      </Group>
    </section>
  )
}

/** 'every 300 s' is 5 minutes; a cron line has no such thing. */
function durationOf(schedule: string, language: string): string | null {
  const seconds = Number(/^every ([\d.]+) s$/.exec(schedule)?.[1] ?? NaN)
  if (Number.isNaN(seconds)) return null
  const [unit, of] = UNITS.find(([, of]) => seconds % of === 0) ?? (['second', 1] as const)
  return new Intl.NumberFormat(language, { style: 'unit', unit, unitDisplay: 'long' }).format(seconds / of)
}
const UNITS = [
  ['hour', 3600],
  ['minute', 60],
] as const

/** Of what runs all the time, the next one is enough. */
function worthTelling(runs: readonly string[]): readonly string[] {
  const [first, second] = runs.map(at => Date.parse(at))
  const isOften = first !== undefined && second !== undefined && second - first < 60_000
  return isOften ? runs.slice(0, 1) : runs
}

const COLUMNS = ['created', 'updated', 'skipped', 'failed', 'parked'] as const

function Runs({ of }: { readonly of: FlowDetail['runs'] }) {
  const { t } = useTranslation()
  if (of.length === 0) return <Empty title={t('flows.noRuns')}>{t('flows.noRunsWords')}</Empty>
  return (
    <section className="card">
      <Title order={2} size="h5" mb="xs">
        {t('flows.history')}
      </Title>
      <Wide least={460} file="runs">
        <Table verticalSpacing={6}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t('flows.hour')}</Table.Th>
              {COLUMNS.map(column => (
                <Table.Th key={column} ta="right">
                  {t(`flows.${column}`)}
                </Table.Th>
              ))}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {of.map(run => (
              <Table.Tr key={run.from}>
                <Table.Td>
                  <Time at={run.from} exact />
                </Table.Td>
                {COLUMNS.map(column => (
                  <Table.Td key={column} ta="right">
                    {run[column]}
                  </Table.Td>
                ))}
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Wide>
    </section>
  )
}
