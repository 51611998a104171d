import type { WebhookCall } from '@linchpin/api'
import { Button, Collapse, Group, NativeSelect, Stack, Text } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconWebhook } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api, useAsked } from '../api.ts'
import { Older, usePages } from '../parts/older.tsx'
import { Answered, Empty, PageTitle } from '../parts/states.tsx'
import { Time } from '../parts/time.tsx'
import { Verdict } from '../parts/verdict.tsx'
import { Data } from './record.tsx'

type Is = WebhookCall['verdict']

const COLOURS: Readonly<Record<Is, 'green' | 'calm' | 'red' | 'amber'>> = {
  kept: 'green',
  known: 'calm',
  greeting: 'calm',
  forged: 'red',
  unreadable: 'amber',
}
const VERDICTS = Object.keys(COLOURS) as Is[]

interface Filter {
  readonly connection?: string
  readonly verdict?: Is
}

/** What rang at the door, and what became of it. */
export function Webhooks() {
  const { t } = useTranslation()
  const [filter, setFilter] = useState<Filter>({})
  const asked = usePages(['webhooks', filter], place => api.webhooks({ ...filter, ...place }))
  return (
    <>
      <PageTitle title={t('nav.webhooks')} />
      <Stack>
        <Filters of={filter} onChange={setFilter} />
        <Answered query={asked}>
          {({ pages }) => {
            const calls = pages.flatMap(page => page.calls)
            return calls.length === 0 ? <None of={filter} /> : <Calls of={calls} />
          }}
        </Answered>
        <Older of={asked} />
      </Stack>
    </>
  )
}

function Filters({
  of: { connection, verdict },
  onChange,
}: {
  readonly of: Filter
  readonly onChange: (filter: Filter) => void
}) {
  const { t } = useTranslation()
  const names = (useAsked(['home'], () => api.home({})).data?.connections ?? []).map(({ name }) => name)
  const all = { value: '', label: t('webhooks.all') }
  const about = connection === undefined ? {} : { connection }
  const judged = verdict === undefined ? {} : { verdict }
  return (
    <Group gap="sm" align="end">
      <NativeSelect
        size="xs"
        label={t('webhooks.connection')}
        value={connection ?? ''}
        data={[all, ...names.map(name => ({ value: name, label: name }))]}
        onChange={({ currentTarget: { value } }) =>
          onChange({ ...judged, ...(value === '' ? {} : { connection: value }) })
        }
      />
      <NativeSelect
        size="xs"
        label={t('webhooks.verdict')}
        value={verdict ?? ''}
        data={[all, ...VERDICTS.map(is => ({ value: is, label: t(`webhooks.${is}`) }))]}
        onChange={({ currentTarget: { value } }) =>
          onChange({ ...about, ...(value === '' ? {} : { verdict: value as Is }) })
        }
      />
    </Group>
  )
}

function None({ of }: { readonly of: Filter }) {
  const { t } = useTranslation()
  const isChosen = of.connection !== undefined || of.verdict !== undefined
  return (
    <Empty
      icon={<IconWebhook size={32} aria-hidden />}
      title={t(isChosen ? 'webhooks.noneOf' : 'webhooks.none')}
    >
      {t(isChosen ? 'webhooks.noneOfWords' : 'webhooks.noneWords')}
    </Empty>
  )
}

function Calls({ of }: { readonly of: readonly WebhookCall[] }) {
  return (
    <section className="card lines">
      {of.map(call => (
        <Call key={call.seq} of={call} />
      ))}
    </section>
  )
}

function Call({ of }: { readonly of: WebhookCall }) {
  const { t } = useTranslation()
  const [open, { toggle }] = useDisclosure()
  return (
    <article>
      <Group justify="space-between" gap="xs">
        <Group gap="sm">
          <Verdict is={COLOURS[of.verdict]} word={t(`webhooks.${of.verdict}`)} />
          <Text size="sm">
            {of.connection} · {t('webhooks.bytes', { count: of.bytes })}
          </Text>
        </Group>
        <Group gap="sm">
          <Text size="xs" className="quiet">
            <Time at={of.at} />
          </Text>
          <Button size="compact-xs" variant="subtle" onClick={toggle} aria-expanded={open}>
            {t('webhooks.show')}
          </Button>
        </Group>
      </Group>
      <Collapse expanded={open}>{open && <Data of={{ headers: of.headers, body: of.body }} />}</Collapse>
    </article>
  )
}
