import type { AlertEventName, ChannelAnswer, RuleAnswer } from '@linchpin/api'
import { alertEvents } from '@linchpin/api/alert-names'
import {
  Button,
  Checkbox,
  Group,
  Modal,
  NativeSelect,
  NumberInput,
  Radio,
  SimpleGrid,
  Stack,
  Switch,
  TextInput,
} from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api, useAsked, useDo } from '../api.ts'
import * as commands from '../parts/commands.ts'
import { CopyAs } from '../parts/copy-as.tsx'

type Draft = Omit<RuleAnswer, 'id'> & { readonly isAbout: 'everything' | 'only' }

const MY_ZONE = Intl.DateTimeFormat().resolvedOptions().timeZone

function draftOf(of: RuleAnswer | null, channels: readonly ChannelAnswer[]): Draft {
  if (of) {
    const { id: _, ...rule } = of
    return { ...rule, isAbout: rule.flows.length + rule.connections.length === 0 ? 'everything' : 'only' }
  }
  return {
    name: '',
    active: true,
    // What needs a person; what passes by itself, and what people did, is for those who ask for it.
    events: ['parked', 'login', 'restored', 'trouble', 'behind', 'run', 'expiring'],
    flows: [],
    connections: [],
    channels: channels.slice(0, 1).map(({ id }) => id),
    waitMinutes: 5,
    behind: { minutes: 30, count: null },
    recovery: true,
    digest: null,
    quiet: null,
    isAbout: 'everything',
  }
}

interface Fields {
  readonly draft: Draft
  readonly set: (change: Partial<Draft>) => void
}

/** What is told, about what, by which channels, and when. */
export function RuleForm({
  of,
  channels,
  onClose,
}: {
  readonly of: RuleAnswer | null
  readonly channels: readonly ChannelAnswer[]
  readonly onClose: () => void
}) {
  const { t } = useTranslation()
  const [draft, setDraft] = useState(() => draftOf(of, channels))
  const set = (change: Partial<Draft>) => setDraft(before => ({ ...before, ...change }))
  const { isAbout, ...rule } = draft
  const body = isAbout === 'everything' ? { ...rule, flows: [], connections: [] } : rule
  const save = useDo(
    async () => {
      await (of ? api.changeAlertRule({ id: of.id, ...body }) : api.addAlertRule(body))
      onClose()
    },
    () => t('alerts.saved', { name: draft.name }),
  )
  return (
    <Modal
      opened
      onClose={onClose}
      size="lg"
      title={t(of ? 'alerts.changeRule' : 'alerts.addRule')}
      closeButtonProps={{ 'aria-label': t('keys.close') }}
    >
      <form
        onSubmit={event => {
          event.preventDefault()
          save.mutate(undefined)
        }}
      >
        <Stack>
          <TextInput
            data-autofocus
            label={t('alerts.name')}
            required
            withAsterisk={false}
            maxLength={100}
            value={draft.name}
            onChange={event => set({ name: event.currentTarget.value })}
          />
          <Events draft={draft} set={set} />
          <About draft={draft} set={set} />
          <Checkbox.Group
            label={t('alerts.by')}
            value={draft.channels}
            onChange={chosen => set({ channels: chosen })}
          >
            <Stack gap={6} mt={4}>
              {channels.map(({ id, name, kind }) => (
                <Checkbox key={id} value={id} label={`${name} (${t(`alerts.kinds.${kind}`)})`} />
              ))}
            </Stack>
          </Checkbox.Group>
          <When draft={draft} set={set} />
          <Switch
            label={t('alerts.recovery')}
            checked={draft.recovery}
            onChange={event => set({ recovery: event.currentTarget.checked })}
          />
          <Switch
            label={t('alerts.active')}
            checked={draft.active}
            onChange={event => set({ active: event.currentTarget.checked })}
          />
          <CopyAs {...commands.alertRule(of?.id ?? null, body)} />
          <Group justify="end">
            <Button variant="default" onClick={onClose}>
              {t('actions.cancel')}
            </Button>
            <Button
              type="submit"
              loading={save.isPending}
              disabled={draft.events.length === 0 || draft.channels.length === 0}
            >
              {t('alerts.save')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}

function Events({ draft, set }: Fields) {
  const { t } = useTranslation()
  return (
    <>
      <Checkbox.Group
        label={t('alerts.events')}
        value={draft.events}
        onChange={chosen => set({ events: chosen as AlertEventName[] })}
      >
        <SimpleGrid cols={{ base: 1, sm: 2 }} spacing={6} mt={4}>
          {alertEvents.map(event => (
            <Checkbox key={event} value={event} label={t(`alerts.event.${event}`)} />
          ))}
        </SimpleGrid>
      </Checkbox.Group>
      {draft.events.includes('behind') && (
        <SimpleGrid cols={{ base: 1, sm: 2 }}>
          <Minutes
            label={t('alerts.behindMinutes')}
            least={1}
            value={draft.behind.minutes}
            onMinutes={minutes => set({ behind: { ...draft.behind, minutes } })}
          />
          <NumberInput
            label={t('alerts.behindCount')}
            min={1}
            allowDecimal={false}
            value={draft.behind.count ?? ''}
            onChange={count =>
              set({ behind: { ...draft.behind, count: count === '' ? null : Number(count) } })
            }
          />
        </SimpleGrid>
      )}
    </>
  )
}

function About({ draft, set }: Fields) {
  const { t } = useTranslation()
  const home = useAsked(['home'], () => api.home({})).data
  // What was chosen once, and is not configured any more, can still be taken out.
  const names = (known: readonly { name: string }[] | undefined, chosen: readonly string[]) => [
    ...new Set([...(known ?? []).map(({ name }) => name), ...chosen]),
  ]
  const boxes = (kind: 'flows' | 'connections') =>
    names(home?.[kind], draft[kind]).map(name => (
      <Checkbox
        key={`${kind} ${name}`}
        label={name}
        checked={draft[kind].includes(name)}
        onChange={event => {
          const rest = draft[kind].filter(each => each !== name)
          set({ [kind]: event.currentTarget.checked ? [...rest, name] : rest })
        }}
      />
    ))
  return (
    <>
      <Radio.Group
        label={t('alerts.about')}
        value={draft.isAbout}
        onChange={isAbout => set({ isAbout: isAbout as Draft['isAbout'] })}
      >
        <Stack gap={6} mt={4}>
          <Radio value="everything" label={t('alerts.everything')} />
          <Radio value="only" label={t('alerts.only')} />
        </Stack>
      </Radio.Group>
      {draft.isAbout === 'only' && (
        <SimpleGrid
          cols={{ base: 1, sm: 2 }}
          spacing={6}
          role="group"
          aria-label={t('alerts.flowsAndConnections')}
        >
          {boxes('connections')}
          {boxes('flows')}
        </SimpleGrid>
      )}
    </>
  )
}

const DIGESTS = ['none', '15', '60', 'daily'] as const
type DigestChoice = (typeof DIGESTS)[number]

function When({ draft: { waitMinutes, digest, quiet }, set }: Fields) {
  const { t } = useTranslation()
  const own = digest !== null && 'minutes' in digest ? String(digest.minutes) : null
  const choices: readonly string[] =
    own === null || DIGESTS.some(each => each === own) ? DIGESTS : [...DIGESTS, own]
  const words = (each: string) =>
    DIGESTS.some(known => known === each)
      ? t(`alerts.digests.${each as DigestChoice}`)
      : t('alerts.everyMinutes', { count: Number(each) })
  const choose = (chosen: string) => {
    if (chosen === 'none') set({ digest: null })
    else if (chosen === 'daily') set({ digest: { daily: '08:00', zone: MY_ZONE } })
    else set({ digest: { minutes: Number(chosen) } })
  }
  return (
    <>
      <SimpleGrid cols={{ base: 1, sm: 2 }}>
        <Minutes
          label={t('alerts.wait')}
          least={0}
          value={waitMinutes}
          onMinutes={minutes => set({ waitMinutes: minutes })}
        />
        <NativeSelect
          label={t('alerts.digest')}
          value={digest === null ? 'none' : (own ?? 'daily')}
          data={choices.map(value => ({ value, label: words(value) }))}
          onChange={event => choose(event.currentTarget.value)}
        />
      </SimpleGrid>
      {digest !== null && 'daily' in digest && (
        <SimpleGrid cols={{ base: 1, sm: 2 }}>
          <Clock
            label={t('alerts.at')}
            value={digest.daily}
            onTime={daily => set({ digest: { ...digest, daily } })}
          />
          <Zone value={digest.zone} onZone={zone => set({ digest: { ...digest, zone } })} />
        </SimpleGrid>
      )}
      <Switch
        label={t('alerts.quiet')}
        description={t('alerts.quietWords')}
        checked={quiet !== null}
        onChange={event =>
          set({ quiet: event.currentTarget.checked ? { from: '22:00', to: '07:00', zone: MY_ZONE } : null })
        }
      />
      {quiet && (
        <SimpleGrid cols={{ base: 1, sm: 3 }}>
          <Clock
            label={t('alerts.quietFrom')}
            value={quiet.from}
            onTime={from => set({ quiet: { ...quiet, from } })}
          />
          <Clock
            label={t('alerts.quietTo')}
            value={quiet.to}
            onTime={to => set({ quiet: { ...quiet, to } })}
          />
          <Zone value={quiet.zone} onZone={zone => set({ quiet: { ...quiet, zone } })} />
        </SimpleGrid>
      )}
    </>
  )
}

function Minutes({
  label,
  least,
  value,
  onMinutes,
}: {
  readonly label: string
  readonly least: number
  readonly value: number
  readonly onMinutes: (minutes: number) => void
}) {
  const { t } = useTranslation()
  return (
    <NumberInput
      label={label}
      suffix={` ${t('alerts.minutes')}`}
      min={least}
      max={1440}
      allowDecimal={false}
      required
      withAsterisk={false}
      value={value}
      onChange={minutes => onMinutes(Math.max(least, Number(minutes)))}
    />
  )
}

function Clock({
  label,
  value,
  onTime,
}: {
  readonly label: string
  readonly value: string
  readonly onTime: (time: string) => void
}) {
  return (
    <TextInput
      type="time"
      required
      withAsterisk={false}
      label={label}
      value={value}
      onChange={event => onTime(event.currentTarget.value)}
    />
  )
}

/** Every zone that the browser knows, and the one that is set. */
function Zone({ value, onZone }: { readonly value: string; readonly onZone: (zone: string) => void }) {
  const { t } = useTranslation()
  const zones = [...new Set([value, 'UTC', ...Intl.supportedValuesOf('timeZone')])].toSorted()
  return (
    <NativeSelect
      label={t('alerts.zone')}
      value={value}
      data={zones}
      onChange={event => onZone(event.currentTarget.value)}
    />
  )
}
