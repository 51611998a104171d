import type { AlertLanguage, ChannelAnswer, ChannelKindName } from '@linchpin/api'
import { alertLanguages, channelKinds } from '@linchpin/api/alert-names'
import {
  Button,
  Group,
  Modal,
  NativeSelect,
  NumberInput,
  PasswordInput,
  Stack,
  TextInput,
  type PasswordInputProps,
} from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api, useDo } from '../api.ts'
import * as commands from '../parts/commands.ts'
import { CopyAs } from '../parts/copy-as.tsx'
import { ShownOnce } from '../parts/shown-once.tsx'
import { LANGUAGES } from '../words/words.ts'
import { bodyOf, draftOf, type Draft } from './alert-channel-draft.ts'

/** A new channel, or one that is changed. Secrets can be entered, and are never shown. */
export function ChannelForm({
  of,
  onClose,
}: {
  readonly of: ChannelAnswer | null
  readonly onClose: () => void
}) {
  const { t, i18n } = useTranslation()
  const [draft, setDraft] = useState(() => draftOf(of, i18n.language))
  const [once, show] = useState<string | null>(null)
  const set = (change: Partial<Draft>) => setDraft(before => ({ ...before, ...change }))
  const body = bodyOf(draft)
  const save = useDo(
    async () => {
      if (of) await api.changeAlertChannel({ id: of.id, ...body })
      const made = of
        ? null
        : (await api.addAlertChannel(body as Parameters<typeof api.addAlertChannel>[0])).secret
      if (made === null) onClose()
      else show(made)
    },
    () => t('alerts.saved', { name: draft.name }),
  )
  if (once !== null)
    return (
      <ShownOnce
        title={t('alerts.onceTitle', { name: draft.name })}
        words={t('alerts.onceWords')}
        secret={once}
        onClose={onClose}
      />
    )
  return (
    <Modal
      opened
      onClose={onClose}
      title={t(of ? 'alerts.changeChannel' : 'alerts.addChannel')}
      closeButtonProps={{ 'aria-label': t('keys.close') }}
    >
      <form
        onSubmit={event => {
          event.preventDefault()
          save.mutate(undefined)
        }}
      >
        <Stack>
          <NativeSelect
            label={t('alerts.kind')}
            value={draft.kind}
            disabled={of !== null}
            data={channelKinds.map(value => ({ value, label: t(`alerts.kinds.${value}`) }))}
            onChange={event => set({ kind: event.currentTarget.value as ChannelKindName })}
          />
          <Line label={t('alerts.name')} value={draft.name} autofocus onText={name => set({ name })} />
          {draft.kind === 'email' ? (
            <Mail draft={draft} isNew={of === null} set={set} />
          ) : (
            <Hook draft={draft} isNew={of === null} set={set} />
          )}
          <NativeSelect
            label={t('alerts.language')}
            value={draft.language}
            data={alertLanguages.map(value => ({ value, label: LANGUAGES[value] }))}
            onChange={event => set({ language: event.currentTarget.value as AlertLanguage })}
          />
          <CopyAs {...commands.alertChannel(of?.id ?? null, body)} />
          <Group justify="end">
            <Button variant="default" onClick={onClose}>
              {t('actions.cancel')}
            </Button>
            <Button type="submit" loading={save.isPending}>
              {t('alerts.save')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}

interface Fields {
  readonly draft: Draft
  readonly isNew: boolean
  readonly set: (change: Partial<Draft>) => void
}

const HINTS = { slack: 'urlSlack', teams: 'urlTeams', webhook: 'urlWebhook' } as const

function Hook({ draft, isNew, set }: Fields) {
  const { t } = useTranslation()
  const { kind } = draft
  if (kind === 'email') return null
  return (
    <>
      <Secret
        label={t('alerts.url')}
        description={isNew ? t(`alerts.${HINTS[kind]}`) : t('alerts.keep')}
        required={isNew}
        value={draft.secretUrl}
        onText={secretUrl => set({ secretUrl })}
      />
      {kind === 'webhook' && (
        <Secret
          label={t('alerts.secret')}
          description={t(isNew ? 'alerts.secretWords' : 'alerts.keep')}
          placeholder="whsec_…"
          value={draft.secret}
          onText={secret => set({ secret })}
        />
      )}
    </>
  )
}

const SECURE = ['starttls', 'tls', 'none'] as const
const PORTS = { starttls: 587, tls: 465, none: 25 } as const

function Mail({ draft, isNew, set }: Fields) {
  const { t } = useTranslation()
  return (
    <>
      <Line
        label={t('alerts.to')}
        value={draft.to}
        placeholder="ops@example.com"
        onText={to => set({ to })}
      />
      <Line label={t('alerts.from')} type="email" value={draft.from} onText={from => set({ from })} />
      <Line label={t('alerts.host')} value={draft.host} onText={host => set({ host })} />
      <Group grow align="end">
        <NativeSelect
          label={t('alerts.secure')}
          value={draft.secure}
          data={SECURE.map(value => ({ value, label: t(`alerts.secures.${value}`) }))}
          onChange={event => {
            const secure = event.currentTarget.value as Draft['secure']
            set({ secure, port: PORTS[secure] })
          }}
        />
        <NumberInput
          label={t('alerts.port')}
          min={1}
          max={65_535}
          allowDecimal={false}
          hideControls
          value={draft.port}
          onChange={port => set({ port: Number(port) })}
        />
      </Group>
      <Line
        label={t('alerts.user')}
        required={false}
        autoComplete="off"
        value={draft.user}
        onText={user => set({ user })}
      />
      <Secret
        label={t('alerts.password')}
        description={isNew ? undefined : t('alerts.keep')}
        value={draft.password}
        onText={password => set({ password })}
      />
    </>
  )
}

function Line({
  onText,
  autofocus = false,
  required = true,
  ...props
}: {
  readonly label: string
  readonly value: string
  readonly type?: string
  readonly placeholder?: string
  readonly autoComplete?: string
  readonly autofocus?: boolean
  readonly required?: boolean
  readonly onText: (text: string) => void
}) {
  return (
    <TextInput
      {...props}
      {...(autofocus ? { 'data-autofocus': true } : {})}
      required={required}
      withAsterisk={false}
      onChange={event => onText(event.currentTarget.value)}
    />
  )
}

/** No browser shall fill in, or keep, what is a secret of another house. */
function Secret({
  onText,
  ...props
}: Pick<PasswordInputProps, 'label' | 'description' | 'placeholder' | 'required'> & {
  readonly value: string
  readonly onText: (text: string) => void
}) {
  return (
    <PasswordInput
      {...props}
      withAsterisk={false}
      autoComplete="new-password"
      onChange={event => onText(event.currentTarget.value)}
    />
  )
}
