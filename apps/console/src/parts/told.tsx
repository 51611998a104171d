import type { ToldAnswer } from '@linchpin/api'
import { Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'

/** How fresh a side is that another process speaks to; nothing where it was asked now. */
export function Told({ of }: { readonly of: ToldAnswer | null }) {
  const { t, i18n } = useTranslation()
  if (of === null) return null
  const { connection, at } = of
  const words =
    at === null
      ? t('compare.toldNothing', { connection })
      : t('compare.told', { connection, at: new Date(at).toLocaleString(i18n.language) })
  return (
    <Text size="sm" c="dimmed">
      {words}
    </Text>
  )
}
