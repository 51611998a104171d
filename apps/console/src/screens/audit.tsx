import type { AuditAnswer } from '@linchpin/api'
import { Button, Group, NativeSelect, Stack, TextInput } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { IconDownload, IconListCheck, IconShieldCheck } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api, useDo } from '../api.ts'
import { saveCsv } from '../parts/csv.ts'
import { Older, usePages } from '../parts/older.tsx'
import { Answered, Empty, PageTitle } from '../parts/states.tsx'
import { AuditRows, useDid } from './audit-rows.tsx'

interface Filter {
  readonly who?: string
  readonly what?: string
}

const TYPING_MS = 250

/** Who asked for what, and how it stood before and after. */
export function Audit() {
  const { t } = useTranslation()
  const [who, setWho] = useState('')
  const [what, setWhat] = useState('')
  const [typed] = useDebouncedValue(who.trim(), TYPING_MS)
  const filter = { ...(typed ? { who: typed } : {}), ...(what ? { what } : {}) }
  const asked = usePages(['audit', filter], place => api.audit({ ...filter, ...place }))
  return (
    <>
      <PageTitle title={t('nav.audit')}>
        <Actions filter={filter} />
      </PageTitle>
      <Stack>
        <Filters who={who} what={what} onWho={setWho} onWhat={setWhat} />
        <Answered query={asked}>
          {({ pages }) => {
            const entries = pages.flatMap(page => page.entries)
            return entries.length === 0 ? <None /> : <AuditRows of={entries} />
          }}
        </Answered>
        <Older of={asked} />
      </Stack>
    </>
  )
}

function None() {
  const { t } = useTranslation()
  return (
    <Empty icon={<IconListCheck size={32} aria-hidden />} title={t('audit.none')}>
      {t('audit.noneWords')}
    </Empty>
  )
}

function Filters({
  who,
  what,
  onWho,
  onWhat,
}: {
  readonly who: string
  readonly what: string
  readonly onWho: (who: string) => void
  readonly onWhat: (what: string) => void
}) {
  const { t, i18n } = useTranslation()
  const did = useDid()
  const names = Object.keys(i18n.getResource('en', 'translation', 'did') as object)
  const choices = names.map(value => ({ value, label: did(value) }))
  return (
    <Group gap="sm" align="end">
      <TextInput
        size="xs"
        label={t('audit.who')}
        value={who}
        onChange={event => onWho(event.currentTarget.value)}
      />
      <NativeSelect
        size="xs"
        label={t('audit.what')}
        value={what}
        data={[
          { value: '', label: t('audit.all') },
          ...choices.toSorted((left, right) => left.label.localeCompare(right.label, i18n.language)),
        ]}
        onChange={event => onWhat(event.currentTarget.value)}
      />
    </Group>
  )
}

function Actions({ filter }: { readonly filter: Filter }) {
  const { t } = useTranslation()
  const verify = useDo(
    () => api.verifyAudit({}),
    ({ rows, broken }) => (broken === null ? t('audit.whole', { rows }) : t('audit.broken', { row: broken })),
  )
  const save = useDo(async () => saveCsv('audit', csvRows(await everyEntry(filter))))
  return (
    <Group gap="xs">
      <Button
        size="xs"
        variant="default"
        loading={verify.isPending}
        leftSection={<IconShieldCheck size={14} aria-hidden />}
        onClick={() => verify.mutate(undefined)}
      >
        {t('audit.verify')}
      </Button>
      <Button
        size="xs"
        variant="default"
        loading={save.isPending}
        leftSection={<IconDownload size={14} aria-hidden />}
        onClick={() => save.mutate(undefined)}
      >
        CSV
      </Button>
    </Group>
  )
}

/** What a spreadsheet still opens with ease. */
const MOST_ROWS = 20_000
const PAGE = 200

async function everyEntry(filter: Filter): Promise<readonly AuditAnswer[]> {
  const entries: AuditAnswer[] = []
  let before: number | null = null
  do {
    const page: Awaited<ReturnType<typeof api.audit>> = await api.audit({
      ...filter,
      limit: PAGE,
      ...(before === null ? {} : { before }),
    })
    entries.push(...page.entries)
    before = page.next
  } while (before !== null && entries.length < MOST_ROWS)
  return entries
}

function csvRows(entries: readonly AuditAnswer[]): readonly (readonly string[])[] {
  const json = (value: unknown) => (value === null ? '' : JSON.stringify(value))
  const head = [
    'number',
    'at',
    'who',
    'how',
    'from',
    'what',
    'outcome',
    'ended at',
    'asked',
    'before',
    'after',
  ]
  return [
    head,
    ...entries.map(each => [
      String(each.seq),
      each.at,
      each.who,
      each.how,
      each.from,
      each.what,
      each.outcome ?? '',
      each.endedAt ?? '',
      json(each.input),
      json(each.before),
      json(each.after),
    ]),
  ]
}
