import type { MappingDetail } from '@linchpin/api'
import { Alert, Box } from '@mantine/core'
import { IconRefresh } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api, useAsked, useDo } from '../api.ts'
import * as commands from '../parts/commands.ts'
import { CopyAs } from '../parts/copy-as.tsx'
import { MayButton } from '../parts/may-button.tsx'
import { Progress } from '../screens/progress.tsx'

/** What was parked for this mapping and can be carried now: one button, and then one watches them clear. */
export function RetryMended({ of: { name } }: { readonly of: MappingDetail }) {
  const { t } = useTranslation()
  const asked = useAsked(['mapping-mended', name], () => api.mended({ name }))
  const [followed, follow] = useState<{ flow: string; ids: string[] }[]>([])
  const asking = new Set(followed.flatMap(({ ids }) => ids))
  const mended = (asked.data?.mended ?? []).map(({ flow, ids }) => ({
    flow,
    ids: ids.filter(id => !asking.has(id)),
  }))
  // One record that several flows carry is one record.
  const count = new Set(mended.flatMap(({ ids }) => ids)).size
  const [first, ...others] = mended
  const retry = useDo(
    async () => {
      for (const { flow, ids } of mended) await api.retry({ flow, ids })
      follow(mended)
    },
    () => t('parked.done', { count }),
  )
  return (
    <>
      {followed.map(each => (
        <Box key={each.flow} mb="md">
          <Progress {...each} />
        </Box>
      ))}
      {first && count > 0 && (
        <Alert color="pin" variant="light" mb="md" title={t('mapping.nowMended', { count })}>
          <MayButton
            right="operate"
            size="xs"
            loading={retry.isPending}
            leftSection={<IconRefresh size={14} aria-hidden />}
            onClick={() => retry.mutate(undefined)}
          >
            {t('parked.retry', { count })}
          </MayButton>
          <Box mt="xs">
            <CopyAs {...commands.retryMended(name, [first, ...others])} />
          </Box>
        </Alert>
      )}
    </>
  )
}
