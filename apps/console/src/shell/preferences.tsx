import { NativeSelect, Stack, useMantineColorScheme, type MantineColorScheme } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { TIMES, useTimeMode, type TimeMode } from '../parts/time.tsx'
import { isLanguage, keepLanguage, LANGUAGES } from '../words/words.ts'

/** How this reader likes the console; kept in this browser. Where no time is shown, nobody is asked about times. */
export function Preferences({ times: asksTimes = true }: { readonly times?: boolean }) {
  const { t, i18n } = useTranslation()
  const [times, setTimes] = useTimeMode()
  const { colorScheme, setColorScheme } = useMantineColorScheme()
  return (
    <Stack gap={6}>
      {asksTimes && (
        <NativeSelect
          size="xs"
          aria-label={t('time.label')}
          value={times}
          data={TIMES.map(value => ({ value, label: `${t('time.label')}: ${t(`time.${value}`)}` }))}
          onChange={event => setTimes(event.currentTarget.value as TimeMode)}
        />
      )}
      <NativeSelect
        size="xs"
        aria-label={t('scheme.label')}
        value={colorScheme}
        data={(['auto', 'light', 'dark'] as const).map(value => ({
          value,
          label: `${t('scheme.label')}: ${t(`scheme.${value}`)}`,
        }))}
        onChange={event => setColorScheme(event.currentTarget.value as MantineColorScheme)}
      />
      <NativeSelect
        size="xs"
        aria-label={t('language')}
        value={i18n.language}
        data={Object.entries(LANGUAGES).map(([value, label]) => ({ value, label }))}
        onChange={({ currentTarget: { value } }) => isLanguage(value) && keepLanguage(value)}
      />
    </Stack>
  )
}
