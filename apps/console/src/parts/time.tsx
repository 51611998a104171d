import { useLocalStorage } from '@mantine/hooks'
import { useSyncExternalStore } from 'react'
import { useTranslation } from 'react-i18next'

export const TIMES = ['relative', 'local', 'utc'] as const
export type TimeMode = (typeof TIMES)[number]

export function useTimeMode() {
  return useLocalStorage<TimeMode>({
    key: 'linchpin-times',
    defaultValue: 'relative',
    getInitialValueInEffect: false,
  })
}

const HERE = Intl.DateTimeFormat().resolvedOptions().timeZone

/** An instant as its reader likes it; the exact one, in both zones, is told on hover. */
export function Time({
  at,
  exact = false,
}: {
  readonly at: string | null
  /** Of many that lie close together, how long ago each was says nothing. */
  readonly exact?: boolean
}) {
  const { t, i18n } = useTranslation()
  const [wished] = useTimeMode()
  const mode = exact && wished === 'relative' ? 'local' : wished
  const now = useNow()
  if (at === null) return <>{t('time.never')}</>
  const date = new Date(at)
  const texts = {
    relative: relative(date.getTime() - Math.max(now, Date.now()), i18n.language),
    local: inZone(date, i18n.language, undefined),
    utc: inZone(date, i18n.language, 'UTC'),
  }
  return (
    <time dateTime={at} title={`${texts.local} (${HERE}) · ${texts.utc} UTC`}>
      {mode === 'utc' ? `${texts.utc} UTC` : texts[mode]}
    </time>
  )
}

function inZone(date: Date, language: string, timeZone: string | undefined): string {
  return date.toLocaleString(language, {
    dateStyle: 'medium',
    timeStyle: 'medium',
    ...(timeZone ? { timeZone } : {}),
  })
}

const STEPS = [
  ['second', 60],
  ['minute', 60],
  ['hour', 24],
  ['day', 30],
  ['month', 12],
] as const

/** "3 minutes ago", "in 2 hours". */
export function relative(ms: number, language: string): string {
  const format = new Intl.RelativeTimeFormat(language, { numeric: 'auto' })
  let count = ms / 1000
  for (const [unit, many] of STEPS) {
    if (Math.abs(Math.round(count)) < many) return format.format(Math.round(count), unit)
    count /= many
  }
  return format.format(Math.round(count), 'year')
}

/** One clock for all times on the page. */
const TICK_MS = 5_000
let now = Date.now()
const hear = new Set<() => void>()
setInterval(() => {
  now = Date.now()
  for (const each of hear) each()
}, TICK_MS)

function useNow(): number {
  return useSyncExternalStore(
    changed => {
      hear.add(changed)
      return () => hear.delete(changed)
    },
    () => now,
  )
}
