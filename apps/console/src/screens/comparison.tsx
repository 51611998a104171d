import type { ComparisonDetail, DiscrepancyAnswer } from '@linchpin/api'
import { Anchor, Badge, Button, Group, Stack, Table, Text } from '@mantine/core'
import { IconCheck, IconDownload, IconRefresh, IconScale } from '@tabler/icons-react'
import { Link, useParams } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { api, useAsked, useDo } from '../api.ts'
import { shown } from '../mapping/tree.ts'
import { compareFlow } from '../parts/compare-flow.ts'
import * as commands from '../parts/commands.ts'
import { CopyAs } from '../parts/copy-as.tsx'
import { saveCsv } from '../parts/csv.ts'
import { MayButton } from '../parts/may-button.tsx'
import { Answered, Empty, PageTitle } from '../parts/states.tsx'
import { Time } from '../parts/time.tsx'
import { Told } from '../parts/told.tsx'
import { Trend } from '../parts/trend.tsx'
import { Wide } from '../parts/wide.tsx'
import { IgnoredFields } from './ignore.tsx'

/** What differs between the two sides of a flow, and what can be done about it. */
export function Comparison() {
  const { t } = useTranslation()
  const { flow } = useParams({ strict: false }) as { flow: string }
  const asked = useAsked(['comparison', flow], () => api.comparison({ flow }))
  const compare = useDo(
    () => compareFlow(flow),
    ({ read }) => t('compare.compared', { read }),
  )
  const heal = useDo(
    (ids: string[]) => api.reconcile({ flow, heal: true, ...(ids.length > 0 ? { ids } : {}) }),
    ({ healed }) => t('compare.healed', { count: healed }),
  )
  const proposed = (asked.data?.discrepancies ?? []).filter(
    each => each.heal === 'propose' || each.heal === 'automatic',
  )
  return (
    <>
      <PageTitle title={flow}>
        <Group gap="xs">
          <MayButton
            right="operate"
            size="xs"
            loading={compare.isPending}
            leftSection={<IconScale size={14} aria-hidden />}
            onClick={() => compare.mutate(undefined)}
          >
            {t('compare.now')}
          </MayButton>
          {proposed.length > 0 && (
            <MayButton
              right="operate"
              size="xs"
              variant="default"
              loading={heal.isPending}
              leftSection={<IconRefresh size={14} aria-hidden />}
              onClick={() => heal.mutate([])}
            >
              {t('compare.heal', { count: proposed.length })}
            </MayButton>
          )}
          <Button
            size="xs"
            variant="default"
            leftSection={<IconDownload size={14} aria-hidden />}
            onClick={() => saveCsv(`differences-${flow}`, rowsOf(asked.data?.discrepancies ?? []))}
          >
            CSV
          </Button>
        </Group>
      </PageTitle>
      <Answered query={asked}>
        {data => (
          <Stack>
            <Counts of={data} proposed={proposed.length} />
            <Trend of={data.trend} />
            {data.discrepancies.length === 0 ? (
              <Empty icon={<IconCheck size={32} aria-hidden />} title={t('compare.none')}>
                {t('compare.noneWords')}
              </Empty>
            ) : (
              <Differences of={data} onHeal={id => heal.mutate([id])} />
            )}
            <IgnoredFields of={data.ignored} />
          </Stack>
        )}
      </Answered>
    </>
  )
}

function rowsOf(found: readonly DiscrepancyAnswer[]): readonly (readonly string[])[] {
  const rows = found.flatMap(each => {
    const head = [each.id ?? '', each.targetId ?? '', each.label ?? '', each.is, each.since]
    const fields = each.fields.map(({ field, ours, theirs }) => [...head, field, shown(ours), shown(theirs)])
    return fields.length > 0 ? fields : [[...head, '', '', each.words]]
  })
  return [['id', 'target id', 'label', 'is', 'since', 'field', 'source', 'target'], ...rows]
}

function Script({ of, label }: { readonly of: commands.Command; readonly label: string }) {
  return (
    <Group gap={4}>
      <Text size="xs">{label}</Text>
      <CopyAs {...of} />
    </Group>
  )
}

function Counts({ of, proposed }: { readonly of: ComparisonDetail; readonly proposed: number }) {
  const { t } = useTranslation()
  return (
    <section className="card">
      <Group justify="space-between">
        <Text size="sm">
          {of.read === 0
            ? t('compare.never')
            : t('compare.counts', {
                same: of.same,
                read: of.read,
                left: of.leftAlone,
                unreadable: of.unreadable,
                under: of.underWay,
              })}
        </Text>
        <Group gap="lg">
          <Script of={commands.compare(of.flow)} label={t('compare.now')} />
          {proposed > 0 && (
            <Script of={commands.heal(of.flow)} label={t('compare.heal', { count: proposed })} />
          )}
        </Group>
      </Group>
      <Told of={of.told} />
    </section>
  )
}

function Differences({
  of,
  onHeal,
}: {
  readonly of: ComparisonDetail
  readonly onHeal: (id: string) => void
}) {
  const { t } = useTranslation()
  return (
    <section className="card">
      <Wide least={760}>
        <Table verticalSpacing={6}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t('parked.record')}</Table.Th>
              <Table.Th>{t('compare.what')}</Table.Th>
              <Table.Th>{t('mapping.field')}</Table.Th>
              <Table.Th>{of.from}</Table.Th>
              <Table.Th>{of.to}</Table.Th>
              <Table.Th>{t('compare.since')}</Table.Th>
              <Table.Th>{t('mapping.do')}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {of.discrepancies.flatMap(each =>
              (each.fields.length > 0 ? each.fields : [null]).map((field, index) => (
                <Table.Tr key={`${each.id} ${each.targetId} ${field?.field}`}>
                  <Table.Td>{index === 0 && <Name of={each} />}</Table.Td>
                  <Table.Td>
                    {index === 0 && (
                      <Badge variant="light" color="red" tt="none" miw="max-content">
                        {t(`compare.is.${each.is}`)}
                      </Badge>
                    )}
                  </Table.Td>
                  {field === null ? (
                    <Table.Td colSpan={3} className="wraps">
                      {each.words}
                    </Table.Td>
                  ) : (
                    <>
                      <Table.Td>
                        <code>{field.field}</code>
                      </Table.Td>
                      <Table.Td className="wraps">
                        {shown(field.ours)} {field.owner === of.from && <Owner />}
                      </Table.Td>
                      <Table.Td className="wraps">
                        {shown(field.theirs)} {field.owner === of.to && <Owner />}
                      </Table.Td>
                    </>
                  )}
                  <Table.Td>{index === 0 && <Time at={each.since} />}</Table.Td>
                  <Table.Td>
                    {index === 0 &&
                      each.id !== null &&
                      (each.is === 'missing' || each.is === 'different') && (
                        <MayButton
                          right="operate"
                          size="compact-xs"
                          variant="default"
                          onClick={() => onHeal(each.id ?? '')}
                        >
                          {t('compare.deliver')}
                        </MayButton>
                      )}
                  </Table.Td>
                </Table.Tr>
              )),
            )}
          </Table.Tbody>
        </Table>
      </Wide>
    </section>
  )
}

/** Whose word counts for this field. */
function Owner() {
  const { t } = useTranslation()
  return (
    <Badge size="xs" variant="default" tt="none">
      {t('compare.owner')}
    </Badge>
  )
}

function Name({ of: { flow, id, targetId, label } }: { readonly of: DiscrepancyAnswer }) {
  const text = label ?? id ?? targetId ?? ''
  if (id === null) return <>{text}</>
  return (
    <Anchor component={Link} to="/compare/$flow/$id" params={{ flow, id } as never} size="sm">
      {text}
    </Anchor>
  )
}
