import { Group, Progress as Bar, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { api } from '../api.ts'
import { StateChip } from '../parts/state-chip.tsx'

const AGAIN_MS = 1_000

/** What became of those that something was asked of, until the last of them stands still. */
export function Progress({ flow, ids }: { readonly flow: string; readonly ids: readonly string[] }) {
  const { t } = useTranslation()
  const { data } = useQuery({
    queryKey: ['progress', flow, ids],
    queryFn: () => api.progress({ flow, ids: ids.slice(0, 1000) }),
    refetchInterval: query => (settled(query.state.data?.states) < ids.length ? AGAIN_MS : false),
  })
  const done = settled(data?.states)
  return (
    <section className="card" role="status">
      <Text fw={600} mb="xs">
        {t('parked.progress', { done, count: ids.length })}
      </Text>
      <Bar value={(done / ids.length) * 100} aria-label={t('parked.progress', { done, count: ids.length })} />
      <Group mt="xs" gap="md">
        {Object.entries(data?.states ?? {}).map(([state, count]) => (
          <Group key={state} gap={4}>
            <StateChip is={state} /> {count}
          </Group>
        ))}
      </Group>
    </section>
  )
}

const settled = (states: Readonly<Record<string, number>> = {}) =>
  (states['done'] ?? 0) + (states['skipped'] ?? 0) + (states['parked'] ?? 0)
