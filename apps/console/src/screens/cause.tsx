import type { CauseAnswer, ParkedAnswer } from '@linchpin/api'
import { Anchor, Button, Checkbox, Group, Stack, Table, Text } from '@mantine/core'
import { IconCheck, IconDownload, IconRefresh, IconTrash } from '@tabler/icons-react'
import { Link, useParams } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api, useAsked, useDo } from '../api.ts'
import { written } from '../parts/amounts.tsx'
import { Ask } from '../parts/ask.tsx'
import * as commands from '../parts/commands.ts'
import { CopyAs } from '../parts/copy-as.tsx'
import { saveCsv } from '../parts/csv.ts'
import { MayButton } from '../parts/may-button.tsx'
import { RecordLink } from '../parts/record-link.tsx'
import { Answered, Empty, PageTitle } from '../parts/states.tsx'
import { Time } from '../parts/time.tsx'
import { Wide } from '../parts/wide.tsx'
import { Answer } from './answer.tsx'
import { Confirm } from './confirm.tsx'
import { Correct } from './correct.tsx'
import { Progress } from './progress.tsx'

const PAGE = 1000

/** One cause: what it is, what to do, and what is parked for it. */
export function Cause() {
  const { t } = useTranslation()
  const { cause } = useParams({ strict: false }) as { cause: string }
  const [asked, of] = [
    useAsked(['parked', cause], () => api.parkedPage({ cause, limit: PAGE })),
    useAsked(['causes'], () => api.causes({})),
  ]
  const told = of.data?.causes.find(each => each.cause === cause)
  return (
    <>
      <PageTitle title={told ? `${t('nav.parked')} · ${told.flow}` : t('parked.cause')} />
      <Stack>
        {told && <Told of={told} />}
        <Answered query={asked}>
          {({ parked }) => (
            <Chosen
              key={cause}
              parked={parked}
              words={told?.words ?? ''}
              cause={cause}
              flow={told?.flow ?? parked[0]?.flow ?? ''}
            />
          )}
        </Answered>
      </Stack>
    </>
  )
}

function Told({ of }: { readonly of: CauseAnswer }) {
  const { t } = useTranslation()
  return (
    <section className="card">
      <Text className="wraps" fw={600}>
        {of.words}
      </Text>
      <Text mt="xs">{t(`todo.${of.kind}` as 'todo.refused', { defaultValue: t('todo.surprise') })}</Text>
      <Text size="sm" className="quiet" mt="xs">
        {t('parked.first')} <Time at={of.firstSeenAt} /> · {t('parked.last')} <Time at={of.lastSeenAt} />
      </Text>
      {of.kind === 'mapping' && <Mappings of={of} />}
    </section>
  )
}

/** Where it is mended: how the record is read, or how it is written. */
function Mappings({ of: { from, entity, flow } }: { readonly of: CauseAnswer }) {
  const { t } = useTranslation()
  return (
    <Group gap="sm" mt="xs">
      <Text size="sm">{t('parked.mendAt')}</Text>
      {[`${from}.${entity}`, flow].map(name => (
        <Anchor key={name} component={Link} to="/mapping/$name" params={{ name } as never} size="sm">
          {name}
        </Anchor>
      ))}
    </Group>
  )
}

type Doing = 'retry' | 'skip'

function Chosen({
  parked,
  words,
  cause,
  flow,
}: {
  readonly parked: readonly ParkedAnswer[]
  /** Of the cause. */
  readonly words: string
  readonly cause: string
  readonly flow: string
}) {
  const { t } = useTranslation()
  const [chosen, choose] = useState<ReadonlySet<string>>(new Set())
  const [doing, begin] = useState<Doing | null>(null)
  const [followed, follow] = useState<readonly string[]>([])
  const rows = chosen.size === 0 ? parked : parked.filter(({ id }) => chosen.has(id))
  const ids = rows.map(({ id }) => id)
  const done = (count: number) => {
    follow(ids)
    choose(new Set())
    begin(null)
    return t('parked.done', { count })
  }
  const retry = useDo(
    () => api.retry({ cause, ids }),
    ({ count }) => done(count),
  )
  const skip = useDo(
    (reason: string) => api.skip({ cause, ids, reason }),
    ({ count }) => done(count),
  )
  const toggle = (id: string) =>
    choose(new Set(chosen.has(id) ? [...chosen].filter(each => each !== id) : [...chosen, id]))
  const which = { cause, flow, ids }
  return (
    <>
      {followed.length > 0 && <Progress flow={flow} ids={followed} />}
      {parked.length === 0 ? (
        <Empty icon={<IconCheck size={32} aria-hidden />} title={t('parked.resolved')}>
          {t('parked.resolvedWords')}
        </Empty>
      ) : (
        <section className="card">
          <Group justify="space-between" mb="sm">
            <Group gap="xs">
              <MayButton
                right="operate"
                size="xs"
                leftSection={<IconRefresh size={14} aria-hidden />}
                onClick={() => begin('retry')}
              >
                {t('parked.retry', { count: rows.length })}
              </MayButton>
              <MayButton
                right="operate"
                size="xs"
                variant="default"
                leftSection={<IconTrash size={14} aria-hidden />}
                onClick={() => begin('skip')}
              >
                {t('parked.skip', { count: rows.length })}
              </MayButton>
              <Button
                size="xs"
                variant="default"
                leftSection={<IconDownload size={14} aria-hidden />}
                onClick={() => saveCsv(`parked-${cause}`, csvRows(rows))}
              >
                CSV
              </Button>
            </Group>
            <CopyAs {...commands.retry(which)} />
          </Group>
          <Rows of={parked} words={words} chosen={chosen} onToggle={toggle} />
        </section>
      )}
      {doing === 'retry' && (
        <Confirm
          rows={rows}
          title={t('parked.retry', { count: rows.length })}
          busy={retry.isPending}
          onClose={() => begin(null)}
          onGo={() => retry.mutate(undefined)}
        />
      )}
      {doing === 'skip' && (
        <Ask
          title={t('parked.skip', { count: rows.length })}
          words={t('parked.skipWords', { count: rows.length })}
          label={t('actions.reason')}
          go={t('parked.skip', { count: rows.length })}
          copyAs={reason => <CopyAs {...commands.skip(which, reason)} />}
          onClose={() => begin(null)}
          onGo={async reason => void (await skip.mutateAsync(reason))}
        />
      )}
    </>
  )
}

function csvRows(rows: readonly ParkedAnswer[]): readonly (readonly string[])[] {
  const head = ['flow', 'id', 'number', 'amount', 'currency', 'parked at', 'words']
  return [
    head,
    ...rows.map(each => [
      each.flow,
      each.id,
      each.label ?? '',
      each.worth?.amount ?? '',
      each.worth?.currency ?? '',
      each.parkedAt,
      each.trouble?.words ?? '',
    ]),
  ]
}

function Rows({
  of,
  words,
  chosen,
  onToggle,
}: {
  readonly of: readonly ParkedAnswer[]
  readonly words: string
  readonly chosen: ReadonlySet<string>
  readonly onToggle: (id: string) => void
}) {
  const { t, i18n } = useTranslation()
  // What stands above all of them is not said of each once more.
  const differ = of.some(({ trouble }) => trouble?.words !== words)
  return (
    <Wide least={560}>
      <Table verticalSpacing={6}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th w={36} aria-label={t('parked.choose')} />
            <Table.Th>{t('parked.record')}</Table.Th>
            <Table.Th ta="right">{t('record.total')}</Table.Th>
            <Table.Th>{t('parked.since')}</Table.Th>
            {differ && <Table.Th>{t('parked.why')}</Table.Th>}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {of.map(each => (
            <Table.Tr key={each.id}>
              <Table.Td className="pick">
                <Checkbox
                  aria-label={t('parked.chooseOne', { label: each.label ?? each.id })}
                  checked={chosen.has(each.id)}
                  onChange={() => onToggle(each.id)}
                />
              </Table.Td>
              <Table.Td>
                <RecordLink of={{ connection: each.from, entity: each.entity, id: each.id }}>
                  {each.label ?? each.id}
                </RecordLink>
                {each.unknown ? <Unknown of={each} /> : <Edit of={each} />}
              </Table.Td>
              <Table.Td ta="right">{each.worth ? written(each.worth, i18n.language) : '–'}</Table.Td>
              <Table.Td>
                <Time at={each.parkedAt} />
              </Table.Td>
              {differ && <Table.Td className="wraps">{each.trouble?.words}</Table.Td>}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Wide>
  )
}

/** For what cannot be put right where it comes from. */
function Edit({ of: { from, entity, id, label } }: { readonly of: ParkedAnswer }) {
  const { t } = useTranslation()
  const [open, setOpen] = useState(false)
  return (
    <>
      <Button
        size="compact-xs"
        variant="subtle"
        aria-label={t('correct.one', { label: label ?? id })}
        onClick={() => setOpen(true)}
      >
        {t('correct.do')}
      </Button>
      {open && <Correct at={{ connection: from, entity, id }} onClose={() => setOpen(false)} />}
    </>
  )
}

/** "Did it arrive?": only a person can know. */
function Unknown({ of }: { readonly of: ParkedAnswer }) {
  const { t } = useTranslation()
  const [open, setOpen] = useState(false)
  return (
    <>
      <MayButton
        right="operate"
        size="compact-xs"
        variant="light"
        aria-label={t('parked.arrivedOne', { label: of.label ?? of.id })}
        onClick={() => setOpen(true)}
      >
        {t('parked.arrived')}
      </MayButton>
      {open && <Answer of={of} onClose={() => setOpen(false)} />}
    </>
  )
}
