import type { FlowHealth } from '@linchpin/api'
import { NativeSelect } from '@mantine/core'
import { IconPlayerPause, IconPlayerPlay } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api, useDo } from '../api.ts'
import { Ask } from '../parts/ask.tsx'
import * as commands from '../parts/commands.ts'
import { CopyAs } from '../parts/copy-as.tsx'
import { MayButton } from '../parts/may-button.tsx'

const HOURS = [0, 1, 4, 24] as const
const HOUR_MS = 3_600_000

const untilOf = (hours: number) =>
  hours === 0 ? {} : { until: new Date(Date.now() + hours * HOUR_MS).toISOString() }

/** Stops a flow or a connection with a reason, until somebody, or the clock, resumes it. */
export function Pause({
  kind,
  name,
  paused,
}: {
  readonly kind: 'flow' | 'connection'
  readonly name: string
  readonly paused: FlowHealth['paused']
}) {
  const { t } = useTranslation()
  const [asking, ask] = useState(false)
  const [hours, setHours] = useState<number>(0)
  const pause = useDo(
    (reason: string) => {
      const input = { name, reason, ...untilOf(hours) }
      return kind === 'flow' ? api.pauseFlow(input) : api.pauseConnection(input)
    },
    () => t('pause.done', { name }),
  )
  const resume = useDo(
    () => (kind === 'flow' ? api.resumeFlow({ name }) : api.resumeConnection({ name })),
    () => t('pause.resumed', { name }),
  )
  if (paused)
    return (
      <>
        <MayButton
          right="operate"
          size="xs"
          leftSection={<IconPlayerPlay size={14} aria-hidden />}
          loading={resume.isPending}
          onClick={() => resume.mutate(undefined)}
        >
          {t('pause.resume')}
        </MayButton>
        <CopyAs {...commands.resume(kind, name)} />
      </>
    )
  return (
    <>
      <MayButton
        right="operate"
        size="xs"
        variant="default"
        leftSection={<IconPlayerPause size={14} aria-hidden />}
        onClick={() => ask(true)}
      >
        {t('pause.pause')}
      </MayButton>
      {asking && (
        <Ask
          title={t('pause.title', { name })}
          words={t('pause.words')}
          label={t('actions.reason')}
          go={t('pause.pause')}
          copyAs={reason => <CopyAs {...commands.pause(kind, name, { reason, ...untilOf(hours) })} />}
          onClose={() => ask(false)}
          onGo={async reason => {
            await pause.mutateAsync(reason)
            ask(false)
          }}
        >
          <NativeSelect
            label={t('pause.until')}
            value={hours}
            onChange={event => setHours(Number(event.currentTarget.value))}
            data={HOURS.map(value => ({
              value: String(value),
              label: value === 0 ? t('pause.never') : t('pause.hours', { count: value }),
            }))}
          />
        </Ask>
      )}
    </>
  )
}
