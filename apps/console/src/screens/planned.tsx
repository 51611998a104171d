import type { PlannedAnswer, ToldAnswer } from '@linchpin/api'
import { Badge, Button, Chip, CloseButton, Group, Stack, Table, Text, Title } from '@mantine/core'
import { IconCheck, IconDownload } from '@tabler/icons-react'
import { Fragment, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api, useDo } from '../api.ts'
import { written } from '../parts/amounts.tsx'
import * as commands from '../parts/commands.ts'
import { CopyAs } from '../parts/copy-as.tsx'
import { saveCsv } from '../parts/csv.ts'
import { MayButton } from '../parts/may-button.tsx'
import { Told } from '../parts/told.tsx'
import { shown } from '../mapping/tree.ts'
import { shownId } from '../parts/shown-id.ts'
import { Wide } from '../parts/wide.tsx'
import { Data } from './record.tsx'

const AT_ONCE = 100

interface Plan {
  readonly planned: readonly PlannedAnswer[]
  readonly next: string | null
  readonly told: ToldAnswer | null
}

/** What a run would do, field by field. Nothing was written; what is chosen can be done exactly as it is shown. */
export function Planned({
  flow,
  of: first,
  onClose,
}: {
  readonly flow: string
  readonly of: Plan
  readonly onClose: () => void
}) {
  const { t } = useTranslation()
  const [{ planned, next, told }, setPlan] = useState(first)
  const [wanted, want] = useState<readonly string[]>(wantedAtFirst(first.planned))
  const [moved, setMoved] = useState<readonly { id: string; words: string }[]>([])
  const rows = planned.filter(({ would }) => wanted.includes(would))
  const steps = rows.flatMap(({ id, proof }) => (proof === null ? [] : [{ id, proof }]))
  const more = useDo(() => api.plan({ flow, cursor: next }))
  const goOn = () =>
    more.mutate(undefined, {
      onSuccess: page => setPlan({ ...page, planned: onceEach([...planned, ...page.planned]) }),
    })
  const apply = useDo(
    () => applied(flow, steps),
    ({ owed }) => t('plan.applied', { count: owed }),
  )
  return (
    <section className="card">
      <Group justify="space-between" mb="xs">
        <Title order={2} size="h5">
          {t('flows.planned', { count: planned.length })} {next !== null && t('flows.andMore')}
        </Title>
        <Group gap="xs">
          {steps.length > 0 && (
            <MayButton
              right="operate"
              size="xs"
              loading={apply.isPending}
              leftSection={<IconCheck size={14} aria-hidden />}
              onClick={() => apply.mutate(undefined, { onSuccess: done => setMoved(done.moved) })}
            >
              {t('plan.apply', { count: steps.length })}
            </MayButton>
          )}
          {steps.length > 0 && <CopyAs {...commands.apply(flow, steps)} />}
          <Button
            size="xs"
            variant="default"
            leftSection={<IconDownload size={14} aria-hidden />}
            onClick={() => saveCsv(`dry-run-${flow}`, rowsOf(planned))}
          >
            CSV
          </Button>
          <CloseButton aria-label={t('keys.close')} onClick={onClose} />
        </Group>
      </Group>
      <Told of={told} />
      <Chip.Group multiple value={[...wanted]} onChange={want}>
        <Group gap="xs" mb="sm">
          {[...counted(planned)].map(([would, count]) => (
            <Chip key={would} value={would} size="xs">
              {t(`plan.would.${would}` as 'plan.would.create')} {count}
            </Chip>
          ))}
        </Group>
      </Chip.Group>
      {moved.length > 0 && (
        <Stack gap={2} mb="sm" role="status">
          {moved.map(({ id, words }) => (
            <Text key={id} size="sm" className="wraps">
              {shownId(id)}: {words}
            </Text>
          ))}
        </Stack>
      )}
      {rows.length === 0 ? <Text size="sm">{t('plan.none')}</Text> : <Steps of={rows} />}
      {next !== null && (
        <Button mt="sm" size="xs" variant="default" loading={more.isPending} onClick={goOn}>
          {t('plan.more')}
        </Button>
      )}
    </section>
  )
}

const DOES = ['create', 'update', 'link', 'park', 'wait']

/** What would do nothing is shown only to whoever asks for it; or when there is nothing else. */
function wantedAtFirst(planned: readonly PlannedAnswer[]): readonly string[] {
  return planned.some(({ would }) => DOES.includes(would)) ? DOES : [...DOES, 'nothing', 'skip']
}

async function applied(flow: string, steps: readonly { id: string; proof: string }[]) {
  const all = { owed: 0, moved: [] as { id: string; words: string }[] }
  for (let start = 0; start < steps.length; start += AT_ONCE) {
    const part = await api.apply({ flow, steps: steps.slice(start, start + AT_ONCE) })
    all.owed += part.owed
    all.moved.push(...part.moved)
  }
  return all
}

const onceEach = (planned: readonly PlannedAnswer[]) => [
  ...new Map(planned.map(each => [each.id, each])).values(),
]

function counted(planned: readonly PlannedAnswer[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>()
  for (const { would } of planned) counts.set(would, (counts.get(would) ?? 0) + 1)
  return counts
}

function rowsOf(planned: readonly PlannedAnswer[]): readonly (readonly string[])[] {
  const rows = planned.flatMap(({ id, label, would, words, fields }) => {
    const head = [id, label ?? '', would, words]
    const each = fields.map(({ field, ours, theirs }) => [...head, field, shown(theirs), shown(ours)])
    return each.length > 0 ? each : [[...head, '', '', '']]
  })
  return [['id', 'label', 'would', 'words', 'field', 'is there', 'would be'], ...rows]
}

function Steps({ of }: { readonly of: readonly PlannedAnswer[] }) {
  const { t, i18n } = useTranslation()
  const [open, setOpen] = useState<string | null>(null)
  return (
    <Wide least={560} most={520}>
      <Table verticalSpacing={6} stickyHeader>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t('parked.record')}</Table.Th>
            <Table.Th>{t('plan.wouldBe')}</Table.Th>
            <Table.Th>{t('mapping.field')}</Table.Th>
            <Table.Th>{t('plan.there')}</Table.Th>
            <Table.Th>{t('plan.then')}</Table.Th>
            <Table.Th ta="right">{t('record.total')}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {of.map(each => (
            <Fragment key={each.key}>
              {(each.fields.length > 0 ? each.fields : [null]).map((field, index) => (
                <Table.Tr key={field?.field ?? ''}>
                  <Table.Td>{index === 0 && (each.label ?? each.id)}</Table.Td>
                  <Table.Td>
                    {index === 0 && (
                      <Badge variant="default" tt="none" miw="max-content">
                        {t(`plan.would.${each.would}`)}
                      </Badge>
                    )}
                  </Table.Td>
                  {field === null ? (
                    <Table.Td colSpan={3} className="wraps">
                      {each.words}{' '}
                      {each.row !== null && (
                        <Button
                          size="compact-xs"
                          variant="subtle"
                          onClick={() => setOpen(open === each.key ? null : each.key)}
                        >
                          {t('flows.row')}
                        </Button>
                      )}
                    </Table.Td>
                  ) : (
                    <>
                      <Table.Td>
                        <code>{field.field}</code>
                      </Table.Td>
                      <Table.Td className="wraps">{shown(field.theirs)}</Table.Td>
                      <Table.Td className="wraps">{shown(field.ours)}</Table.Td>
                    </>
                  )}
                  <Table.Td ta="right">
                    {index === 0 && each.worth && written(each.worth, i18n.language)}
                  </Table.Td>
                </Table.Tr>
              ))}
              {open === each.key && (
                <Table.Tr>
                  <Table.Td colSpan={6}>
                    <Data of={each.row} />
                  </Table.Td>
                </Table.Tr>
              )}
            </Fragment>
          ))}
        </Table.Tbody>
      </Table>
    </Wide>
  )
}
