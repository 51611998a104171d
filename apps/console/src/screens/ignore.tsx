import type { CarriedAnswer, IgnoredAnswer } from '@linchpin/api'
import { Checkbox, Group, Table, Text, Title } from '@mantine/core'
import { IconEyeOff } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api, useDo } from '../api.ts'
import { Ask } from '../parts/ask.tsx'
import * as commands from '../parts/commands.ts'
import { CopyAs } from '../parts/copy-as.tsx'
import { MayButton } from '../parts/may-button.tsx'
import { shownId } from '../parts/shown-id.ts'
import { useWho } from '../parts/named.ts'
import { Time } from '../parts/time.tsx'
import { Wide } from '../parts/wide.tsx'

/** Has comparisons leave out a field, in all records of the flow or in this one, with a reason. */
export function Ignore({
  flow,
  field,
  id,
}: {
  readonly flow: string
  readonly field: string
  readonly id: string
}) {
  const { t } = useTranslation()
  const [asking, ask] = useState(false)
  const [only, setOnly] = useState(false)
  const about = { flow, field, ...(only ? { id } : {}) }
  const ignore = useDo(
    (why: string) => api.ignoreField({ ...about, why }),
    () => t('ignore.done', { field }),
  )
  return (
    <>
      <MayButton
        right="operate"
        size="compact-xs"
        variant="default"
        leftSection={<IconEyeOff size={12} aria-hidden />}
        onClick={() => ask(true)}
      >
        {t('ignore.do')}
      </MayButton>
      {asking && (
        <Ask
          title={t('ignore.title', { field })}
          words={t('ignore.words', { flow })}
          label={t('actions.reason')}
          go={t('ignore.do')}
          copyAs={why => <CopyAs {...commands.ignoreField(about, why)} />}
          onClose={() => ask(false)}
          onGo={async why => {
            await ignore.mutateAsync(why)
            ask(false)
          }}
        >
          <Checkbox
            label={t('ignore.only', { id: shownId(id) })}
            checked={only}
            onChange={event => setOnly(event.currentTarget.checked)}
          />
        </Ask>
      )}
    </>
  )
}

type Said = Pick<IgnoredAnswer, 'flow' | 'field' | 'id'>

function CountAgain({ of: { flow, field, id } }: { readonly of: Said }) {
  const { t } = useTranslation()
  const end = useDo(
    () => api.endIgnoring({ flow, field, ...(id === null ? {} : { id }) }),
    () => t('ignore.ended', { field }),
  )
  return (
    <MayButton
      right="operate"
      size="compact-xs"
      variant="default"
      loading={end.isPending}
      onClick={() => end.mutate(undefined)}
    >
      {t('ignore.end')}
    </MayButton>
  )
}

/** "Ignored since yesterday, by Clara, because the shop writes its own." */
export function IgnoredSince({
  of,
  flow,
  field,
}: {
  readonly of: NonNullable<CarriedAnswer['ignored']>
  readonly flow: string
  readonly field: string
}) {
  const { t } = useTranslation()
  const whoIs = useWho()
  return (
    <Group gap="xs">
      <Text size="sm" className="wraps">
        {t(of.id === null ? 'ignore.since' : 'ignore.sinceHere')} <Time at={of.since} />,{' '}
        {t('ignore.by', { who: whoIs(of.who), why: of.why })}
      </Text>
      <CountAgain of={{ flow, field, id: of.id }} />
    </Group>
  )
}

/** What comparisons of a flow leave out; nothing where every field counts. */
export function IgnoredFields({ of }: { readonly of: readonly IgnoredAnswer[] }) {
  const { t } = useTranslation()
  const whoIs = useWho()
  if (of.length === 0) return null
  return (
    <section className="card">
      <Title order={2} size="h5" mb="xs">
        {t('ignore.list')}
      </Title>
      <Wide least={560} file="ignored">
        <Table verticalSpacing={4}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t('mapping.field')}</Table.Th>
              <Table.Th>{t('parked.record')}</Table.Th>
              <Table.Th>{t('compare.since')}</Table.Th>
              <Table.Th>{t('ignore.who')}</Table.Th>
              <Table.Th>{t('ignore.why')}</Table.Th>
              <Table.Th>{t('mapping.do')}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {of.map(each => (
              <Table.Tr key={`${each.field} ${each.id}`}>
                <Table.Td>
                  <code>{each.field}</code>
                </Table.Td>
                <Table.Td>{each.id === null ? t('ignore.all') : shownId(each.id)}</Table.Td>
                <Table.Td>
                  <Time at={each.since} />
                </Table.Td>
                <Table.Td>{whoIs(each.who)}</Table.Td>
                <Table.Td className="wraps">{each.why}</Table.Td>
                <Table.Td>
                  <CountAgain of={each} />
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Wide>
    </section>
  )
}
