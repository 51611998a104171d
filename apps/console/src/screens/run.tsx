import { Button, Group, Text } from '@mantine/core'
import { IconPlayerPlay, IconPlayerStop } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { useDo } from '../api.ts'
import { MayButton } from '../parts/may-button.tsx'
import { runFlow, useRun } from '../parts/runs.ts'

/** Reads a flow's source anew and delivers what it holds. */
export function RunNow({ flow }: { readonly flow: string }) {
  const { t } = useTranslation()
  const run = useDo(
    () => runFlow(flow),
    ({ read, owed, next }) => t(next === null ? 'flows.ran' : 'flows.ranUntilStopped', { read, owed }),
  )
  return (
    <MayButton
      right="operate"
      size="xs"
      loading={useRun(flow) !== null}
      leftSection={<IconPlayerPlay size={14} aria-hidden />}
      onClick={() => run.mutate(undefined)}
    >
      {t('flows.run')}
    </MayButton>
  )
}

/** How far it is, while it is under way. */
export function Running({ flow }: { readonly flow: string }) {
  const { t } = useTranslation()
  const run = useRun(flow)
  if (run === null) return null
  return (
    <Group className="card" justify="space-between">
      <Text size="sm" className="wraps">
        {t('flows.running', { count: run.read })}
      </Text>
      <Button
        size="xs"
        variant="default"
        loading={run.isStopping}
        leftSection={<IconPlayerStop size={14} aria-hidden />}
        onClick={run.stop}
      >
        {t('flows.stop')}
      </Button>
    </Group>
  )
}
