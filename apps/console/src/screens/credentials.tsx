import type { ConnectionDetail } from '@linchpin/api'
import { Button, Group, Modal, PasswordInput, Text, TextInput } from '@mantine/core'
import { IconKey } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api, useDo } from '../api.ts'
import { MayButton } from '../parts/may-button.tsx'
import { Time } from '../parts/time.tsx'
import * as commands from '../parts/commands.ts'
import { CopyAs } from '../parts/copy-as.tsx'

type Credential = ConnectionDetail['credentials'][number]

/** What a connection signs in with: where each is kept and how long it is good for, never what it is. */
export function Credentials({ of }: { readonly of: ConnectionDetail }) {
  const { t } = useTranslation()
  const [entered, enter] = useState<string | null>(null)
  return (
    <>
      {of.credentials.map(each => (
        <Group key={each.name} justify="space-between" gap="xs" mb={4}>
          <Text size="sm">
            {each.name} – {t(`connections.where.${each.where}` as 'connections.where.database')}
            <Times of={each} />
          </Text>
          {each.where === 'database' && (
            <MayButton
              right="build"
              size="compact-xs"
              variant="default"
              leftSection={<IconKey size={12} aria-hidden />}
              aria-label={`${t('connections.credentialEnter')}: ${each.name}`}
              onClick={() => enter(each.name)}
            >
              {t('connections.credentialEnter')}
            </MayButton>
          )}
        </Group>
      ))}
      {entered !== null && (
        <Enter connection={of.connection.name} setting={entered} onClose={() => enter(null)} />
      )}
    </>
  )
}

function Times({ of: { changedAt, expiresAt } }: { readonly of: Credential }) {
  const { t } = useTranslation()
  return (
    <span className="quiet">
      {changedAt !== null && (
        <>
          {' '}
          · {t('connections.credentialChanged')} <Time at={changedAt} />
        </>
      )}
      {expiresAt !== null && (
        <>
          {' '}
          · {t('connections.credentialExpiresAt')} <Time at={expiresAt} />
        </>
      )}
    </span>
  )
}

/** A day is good to its end. */
const endOf = (day: string) => (day === '' ? null : `${day}T23:59:59.000Z`)

function Enter({
  connection,
  setting,
  onClose,
}: {
  readonly connection: string
  readonly setting: string
  readonly onClose: () => void
}) {
  const { t } = useTranslation()
  const [secret, setSecret] = useState('')
  const [until, setUntil] = useState('')
  const keep = useDo(
    () => {
      return api.setCredential({ name: connection, setting, secret, expiresAt: endOf(until) })
    },
    () => t('connections.credentialKept', { name: setting }),
  )
  return (
    <Modal
      opened
      onClose={onClose}
      title={t('connections.credentialEnterTitle', { name: setting })}
      closeButtonProps={{ 'aria-label': t('keys.close') }}
    >
      <PasswordInput
        data-autofocus
        label={t('connections.credentialValue')}
        value={secret}
        autoComplete="off"
        onChange={event => setSecret(event.currentTarget.value)}
      />
      <TextInput
        mt="sm"
        type="date"
        label={t('connections.credentialUntil')}
        description={t('connections.credentialUntilWords')}
        value={until}
        onChange={event => setUntil(event.currentTarget.value)}
      />
      <div style={{ marginTop: 8 }}>
        <CopyAs {...commands.setCredential(connection, setting, endOf(until))} />
      </div>
      <Group justify="end" mt="md">
        <Button variant="default" onClick={onClose}>
          {t('actions.cancel')}
        </Button>
        <Button
          disabled={secret === ''}
          loading={keep.isPending}
          onClick={() => keep.mutate(undefined, { onSuccess: onClose })}
        >
          {t('connections.credentialKeep')}
        </Button>
      </Group>
    </Modal>
  )
}
