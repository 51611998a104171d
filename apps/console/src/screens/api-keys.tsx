import type { ApiKeyAnswer } from '@linchpin/api'
import { Badge, Button, Code, List, Table, Text } from '@mantine/core'
import { IconKey, IconPlus } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api, useAsked } from '../api.ts'
import * as commands from '../parts/commands.ts'
import { useWho } from '../parts/named.ts'
import { ShownOnce } from '../parts/shown-once.tsx'
import { Answered, Empty, PageTitle } from '../parts/states.tsx'
import { Sure } from '../parts/sure.tsx'
import { Time } from '../parts/time.tsx'
import { Wide } from '../parts/wide.tsx'
import { MakeKey, type MadeKey } from './make-key.tsx'

/** Keys for programs: what each may, and when it was last used. */
export function ApiKeys() {
  const { t } = useTranslation()
  const [making, make] = useState(false)
  const [made, show] = useState<MadeKey | null>(null)
  const asked = useAsked(['api keys'], () => api.apiKeys({}))
  return (
    <>
      <PageTitle title={t('nav.apiKeys')}>
        <Button size="xs" leftSection={<IconPlus size={14} aria-hidden />} onClick={() => make(true)}>
          {t('apiKeys.make')}
        </Button>
      </PageTitle>
      <Answered query={asked}>
        {({ keys }) =>
          keys.length === 0 ? (
            <Empty icon={<IconKey size={32} aria-hidden />} title={t('apiKeys.none')}>
              {t('apiKeys.noneWords')}
            </Empty>
          ) : (
            <Rows of={keys} />
          )
        }
      </Answered>
      {making && (
        <MakeKey
          onClose={() => make(false)}
          onMade={key => {
            make(false)
            show(key)
          }}
        />
      )}
      {made && (
        <ShownOnce
          title={t('apiKeys.once', { name: made.name })}
          words={t('apiKeys.onceWords')}
          secret={made.key}
          onClose={() => show(null)}
        >
          <Text size="sm">{t('apiKeys.usage')}</Text>
          <Code block>{'Authorization: Bearer lp_…\nexport LINCHPIN_TOKEN=lp_…'}</Code>
        </ShownOnce>
      )}
    </>
  )
}

function Rows({ of }: { readonly of: readonly ApiKeyAnswer[] }) {
  const { t } = useTranslation()
  const [ending, end] = useState<ApiKeyAnswer | null>(null)
  return (
    <section className="card">
      <Wide least={720} file="api-keys">
        <Table verticalSpacing={6}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t('apiKeys.name')}</Table.Th>
              <Table.Th>{t('apiKeys.rights')}</Table.Th>
              <Table.Th>{t('apiKeys.made')}</Table.Th>
              <Table.Th>{t('apiKeys.used')}</Table.Th>
              <Table.Th>{t('apiKeys.until')}</Table.Th>
              <Table.Th />
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {of.map(each => (
              <Row key={each.id} of={each} onEnd={() => end(each)} />
            ))}
          </Table.Tbody>
        </Table>
      </Wide>
      {ending && <Revoke of={ending} onClose={() => end(null)} />}
    </section>
  )
}

function Row({ of, onEnd }: { readonly of: ApiKeyAnswer; readonly onEnd: () => void }) {
  const { t } = useTranslation()
  const whoIs = useWho()
  return (
    <Table.Tr>
      <Table.Td>
        <Text size="sm" fw={600}>
          {of.name}
        </Text>
        <Text size="xs" className="quiet" ff="monospace">
          {of.hint}…
        </Text>
      </Table.Td>
      <Table.Td>
        <List size="sm">
          {of.rights.map(right => (
            <List.Item key={right}>{t(`right.${right}`)}</List.Item>
          ))}
        </List>
      </Table.Td>
      <Table.Td>
        <Time at={of.madeAt} />
        <Text size="xs" className="quiet">
          {t('apiKeys.by', { name: whoIs(of.madeBy) })}
        </Text>
      </Table.Td>
      <Table.Td>
        <Time at={of.usedAt} />
        <Text size="xs" className="quiet">
          {of.usedFrom}
        </Text>
      </Table.Td>
      <Table.Td>{of.expiresAt === null ? t('apiKeys.forever') : <Time at={of.expiresAt} />}</Table.Td>
      <Table.Td ta="right">
        <Ending of={of} onEnd={onEnd} />
      </Table.Td>
    </Table.Tr>
  )
}

function Ending({ of, onEnd }: { readonly of: ApiKeyAnswer; readonly onEnd: () => void }) {
  const { t } = useTranslation()
  const over = of.expiresAt !== null && Date.parse(of.expiresAt) <= Date.now()
  if (of.revokedAt !== null || over)
    return (
      <Badge variant="light" color="gray" tt="none">
        {t(of.revokedAt === null ? 'apiKeys.over' : 'apiKeys.revoked')}
      </Badge>
    )
  return (
    <Button
      size="compact-xs"
      variant="default"
      aria-label={`${t('apiKeys.revoke')}: ${of.name}`}
      onClick={onEnd}
    >
      {t('apiKeys.revoke')}
    </Button>
  )
}

function Revoke({ of: { id, name }, onClose }: { readonly of: ApiKeyAnswer; readonly onClose: () => void }) {
  const { t } = useTranslation()
  return (
    <Sure
      title={t('apiKeys.revokeTitle', { name })}
      words={t('apiKeys.revokeWords')}
      go={t('apiKeys.revoke')}
      grave
      act={() => api.revokeApiKey({ id })}
      done={() => t('apiKeys.done')}
      command={commands.revokeApiKey(id)}
      onClose={onClose}
    />
  )
}
