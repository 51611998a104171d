import type { MappingDetail } from '@linchpin/api'
import { Button, Group, Loader, Modal, Stack, Text, Textarea } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api, useDo } from '../api.ts'
import * as commands from '../parts/commands.ts'
import { CopyAs } from '../parts/copy-as.tsx'
import { Difference } from './difference.tsx'
import type { Own } from './draft.ts'

const LEAST = 3

/** Before a version counts: what it changes on real records, and why it is wanted. */
export function Review({
  of,
  mapping,
  version,
  onClose,
  onDone,
}: {
  readonly of: MappingDetail
  readonly mapping: Own
  /** An earlier version that shall be live again; null: a new one. */
  readonly version: number | null
  readonly onClose: () => void
  readonly onDone: () => void
}) {
  const { t } = useTranslation()
  const { name, live } = of
  const [why, setWhy] = useState('')
  const compared = useQuery({
    queryKey: ['compare', name, mapping],
    queryFn: () => api.compareMapping({ name, mapping, limit: 100 }),
    refetchInterval: false,
  })
  const said = { name, over: live.version, why: why.trim() }
  const go = useDo(
    () => (version === null ? api.saveMapping({ ...said, mapping }) : api.liveMapping({ ...said, version })),
    done => t('mapping.isLive', { version: done.version }),
  )
  const title = version === null ? t('mapping.review') : t('mapping.rollBackTo', { version })
  return (
    <Modal
      opened
      onClose={onClose}
      size="xl"
      title={title}
      closeButtonProps={{ 'aria-label': t('keys.close') }}
    >
      <Stack>
        {compared.data ? <Difference of={of} shown={compared.data} /> : <Loader size="sm" />}
        {compared.error && <Text size="sm">{compared.error.message}</Text>}
        <Textarea
          data-autofocus
          label={t('actions.reason')}
          autosize
          minRows={2}
          value={why}
          onChange={event => setWhy(event.currentTarget.value)}
        />
        <Group justify="space-between">
          <CopyAs
            {...(version === null
              ? commands.saveMapping(said, mapping)
              : commands.liveMapping(said, version))}
          />
          <Group gap="xs">
            <Button variant="default" onClick={onClose}>
              {t('actions.cancel')}
            </Button>
            <Button
              loading={go.isPending}
              disabled={why.trim().length < LEAST || !compared.data || compared.data.faults.length > 0}
              onClick={() => go.mutate(undefined, { onSuccess: onDone })}
            >
              {t('mapping.goLive')}
            </Button>
          </Group>
        </Group>
      </Stack>
    </Modal>
  )
}
