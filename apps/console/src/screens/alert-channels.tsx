import type { ChannelAnswer } from '@linchpin/api'
import { Group, Table, Text } from '@mantine/core'
import { tell } from '../parts/tell.ts'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api, useDo } from '../api.ts'
import * as commands from '../parts/commands.ts'
import { CopyAs } from '../parts/copy-as.tsx'
import { MayButton } from '../parts/may-button.tsx'
import { Sure } from '../parts/sure.tsx'
import { Time } from '../parts/time.tsx'
import { Verdict } from '../parts/verdict.tsx'
import { Wide } from '../parts/wide.tsx'
import { ChannelForm } from './alert-channel-form.tsx'

export function Channels({ of }: { readonly of: readonly ChannelAnswer[] }) {
  const { t } = useTranslation()
  const [changing, change] = useState<ChannelAnswer | null>(null)
  const [removing, remove] = useState<ChannelAnswer | null>(null)
  return (
    <div className="card">
      <Wide least={680} file="alert-channels">
        <Table verticalSpacing={6}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t('alerts.name')}</Table.Th>
              <Table.Th>{t('alerts.kind')}</Table.Th>
              <Table.Th>{t('alerts.recipient')}</Table.Th>
              <Table.Th>{t('alerts.state')}</Table.Th>
              <Table.Th />
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {of.map(channel => (
              <Row
                key={channel.id}
                of={channel}
                onChange={() => change(channel)}
                onRemove={() => remove(channel)}
              />
            ))}
          </Table.Tbody>
        </Table>
      </Wide>
      {changing && <ChannelForm of={changing} onClose={() => change(null)} />}
      {removing && (
        <Sure
          title={t('alerts.removeTitle', { name: removing.name })}
          words={t('alerts.removeChannelWords')}
          go={t('alerts.remove')}
          grave
          act={() => api.removeAlertChannel({ id: removing.id })}
          done={() => t('alerts.removed', { name: removing.name })}
          command={commands.removeAlertChannel(removing.id)}
          onClose={() => remove(null)}
        />
      )}
    </div>
  )
}

function Row({
  of,
  onChange,
  onRemove,
}: {
  readonly of: ChannelAnswer
  readonly onChange: () => void
  readonly onRemove: () => void
}) {
  const { t } = useTranslation()
  const { name } = of
  return (
    <Table.Tr>
      <Table.Td>
        <Text size="sm" fw={600} className="wraps">
          {name}
        </Text>
      </Table.Td>
      <Table.Td>{t(`alerts.kinds.${of.kind}`)}</Table.Td>
      <Table.Td className="wraps">{of.recipient}</Table.Td>
      <Table.Td>
        <State of={of} />
      </Table.Td>
      <Table.Td>
        <Group gap={4} justify="end" wrap="nowrap">
          <Test of={of} />
          <MayButton
            right="alert"
            size="compact-xs"
            variant="default"
            aria-label={t('alerts.changeOne', { name })}
            onClick={onChange}
          >
            {t('alerts.change')}
          </MayButton>
          <MayButton
            right="alert"
            size="compact-xs"
            variant="default"
            aria-label={t('alerts.removeOne', { name })}
            onClick={onRemove}
          >
            {t('alerts.remove')}
          </MayButton>
        </Group>
        <Group justify="end">
          <CopyAs {...commands.testAlertChannel(of.id)} />
        </Group>
      </Table.Td>
    </Table.Tr>
  )
}

/** Whether the last message got through. */
function State({ of: { sentAt, problem, failedAt } }: { readonly of: ChannelAnswer }) {
  const { t } = useTranslation()
  if (problem !== null)
    return (
      <>
        <Verdict is="red" word={t('alerts.failed')} />
        <Text size="xs" className="wraps">
          {problem} <Time at={failedAt} />
        </Text>
      </>
    )
  if (sentAt === null) return <span className="quiet">{t('alerts.neverUsed')}</span>
  return (
    <>
      <Verdict is="green" word={t('alerts.well')} />
      <Text size="xs" className="quiet">
        <Time at={sentAt} />
      </Text>
    </>
  )
}

function Test({ of: { id, name } }: { readonly of: ChannelAnswer }) {
  const { t } = useTranslation()
  const test = useDo(async () => {
    const { sent, problem } = await api.testAlertChannel({ id })
    if (sent) tell({ message: t('alerts.tested', { name }), color: 'pin' })
    else tell({ message: problem, color: 'red', autoClose: 12_000 })
  })
  return (
    <MayButton
      right="alert"
      size="compact-xs"
      variant="light"
      aria-label={t('alerts.testOne', { name })}
      loading={test.isPending}
      onClick={() => test.mutate(undefined)}
    >
      {t('alerts.test')}
    </MayButton>
  )
}
