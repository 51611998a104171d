import type { ChannelAnswer, RuleAnswer } from '@linchpin/api'
import { Badge, Group, List, Table, Text } from '@mantine/core'
import { IconBellOff } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '../api.ts'
import { MayButton } from '../parts/may-button.tsx'
import * as commands from '../parts/commands.ts'
import { Sure } from '../parts/sure.tsx'
import { Empty } from '../parts/states.tsx'
import { Wide } from '../parts/wide.tsx'
import { RuleForm } from './alert-rule-form.tsx'

interface Props {
  readonly of: readonly RuleAnswer[]
  readonly channels: readonly ChannelAnswer[]
}

export function Rules({ of, channels }: Props) {
  const { t } = useTranslation()
  const [changing, change] = useState<RuleAnswer | null>(null)
  const [removing, remove] = useState<RuleAnswer | null>(null)
  if (of.length === 0)
    return (
      <Empty icon={<IconBellOff size={32} aria-hidden />} title={t('alerts.noRules')}>
        {t('alerts.noRulesWords')}
      </Empty>
    )
  return (
    <div className="card">
      <Wide least={760} file="alert-rules">
        <Table verticalSpacing={6}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t('alerts.name')}</Table.Th>
              <Table.Th>{t('alerts.events')}</Table.Th>
              <Table.Th>{t('alerts.about')}</Table.Th>
              <Table.Th>{t('alerts.by')}</Table.Th>
              <Table.Th>{t('alerts.when')}</Table.Th>
              <Table.Th />
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {of.map(rule => (
              <Row
                key={rule.id}
                of={rule}
                channels={channels}
                onChange={() => change(rule)}
                onRemove={() => remove(rule)}
              />
            ))}
          </Table.Tbody>
        </Table>
      </Wide>
      {changing && <RuleForm of={changing} channels={channels} onClose={() => change(null)} />}
      {removing && (
        <Sure
          title={t('alerts.removeTitle', { name: removing.name })}
          words={t('alerts.removeRuleWords')}
          go={t('alerts.remove')}
          grave
          act={() => api.removeAlertRule({ id: removing.id })}
          done={() => t('alerts.removed', { name: removing.name })}
          command={commands.removeAlertRule(removing.id)}
          onClose={() => remove(null)}
        />
      )}
    </div>
  )
}

function Row({
  of,
  channels,
  onChange,
  onRemove,
}: {
  readonly of: RuleAnswer
  readonly channels: readonly ChannelAnswer[]
  readonly onChange: () => void
  readonly onRemove: () => void
}) {
  const { t } = useTranslation()
  const about = [...of.flows, ...of.connections]
  const names = of.channels.map(id => channels.find(each => each.id === id)?.name ?? id)
  return (
    <Table.Tr>
      <Table.Td>
        <Text size="sm" fw={600} className="wraps">
          {of.name}
        </Text>
        {!of.active && (
          <Badge variant="light" color="gray" tt="none">
            {t('alerts.off')}
          </Badge>
        )}
      </Table.Td>
      <Table.Td>
        <List size="sm">
          {of.events.map(event => (
            <List.Item key={event}>{t(`alerts.event.${event}`)}</List.Item>
          ))}
        </List>
      </Table.Td>
      <Table.Td>{about.length === 0 ? t('alerts.everything') : about.join(', ')}</Table.Td>
      <Table.Td>{names.join(', ')}</Table.Td>
      <Table.Td>
        <When of={of} />
      </Table.Td>
      <Table.Td>
        <Group gap={4} justify="end" wrap="nowrap">
          <MayButton
            right="alert"
            size="compact-xs"
            variant="default"
            aria-label={t('alerts.changeOne', { name: of.name })}
            onClick={onChange}
          >
            {t('alerts.change')}
          </MayButton>
          <MayButton
            right="alert"
            size="compact-xs"
            variant="default"
            aria-label={t('alerts.removeOne', { name: of.name })}
            onClick={onRemove}
          >
            {t('alerts.remove')}
          </MayButton>
        </Group>
      </Table.Td>
    </Table.Tr>
  )
}

function When({ of: { digest, waitMinutes, quiet } }: { readonly of: RuleAnswer }) {
  const { t } = useTranslation()
  const collected = () => {
    if (digest === null) return t('alerts.atOnce')
    if ('minutes' in digest) return t('alerts.everyMinutes', { count: digest.minutes })
    return t('alerts.daily', { at: digest.daily, zone: digest.zone })
  }
  return (
    <>
      <Text size="sm">{collected()}</Text>
      {waitMinutes > 0 && (
        <Text size="xs" className="quiet">
          {t('alerts.lasting', { count: waitMinutes })}
        </Text>
      )}
      {quiet && (
        <Text size="xs" className="quiet">
          {t('alerts.quietOf', { ...quiet })}
        </Text>
      )}
    </>
  )
}
