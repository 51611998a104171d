import type { RecordHead, TimelineAnswer } from '@linchpin/api'
import { changesBetween } from '@linchpin/api/row-changes'
import { Button, Group, List, Modal, Stack, Text, Textarea } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api, useDo } from '../api.ts'
import { placedAt, shown } from '../mapping/tree.ts'
import * as commands from '../parts/commands.ts'
import { CopyAs } from '../parts/copy-as.tsx'
import { shownId } from '../parts/shown-id.ts'

type Key = Pick<RecordHead, 'connection' | 'entity' | 'id'>

const LEAST = 3
const TYPING_MS = 400

/** A record as its system has it, to be put right here: first why, for it is shown with personal data, then what. */
export function Correct({ at, onClose }: { readonly at: Key; readonly onClose: () => void }) {
  const { t } = useTranslation()
  const [why, setWhy] = useState('')
  const [row, setRow] = useState<string | null>(null)
  const look = useDo(() => api.reveal({ ...at, reason: why.trim() }))
  const open = () =>
    look.mutate(undefined, {
      onSuccess: ({ record }) => setRow(JSON.stringify(asCorrected(record), null, 2)),
    })
  return (
    <Modal
      opened
      onClose={onClose}
      size="xl"
      title={t('correct.title', { id: shownId(at.id) })}
      closeButtonProps={{ 'aria-label': t('keys.close') }}
    >
      <Stack>
        <Text size="sm">{t('correct.words')}</Text>
        <Textarea
          data-autofocus
          label={t('actions.reason')}
          autosize
          value={why}
          onChange={event => setWhy(event.currentTarget.value)}
        />
        {row === null ? (
          <Group justify="end">
            <Button disabled={why.trim().length < LEAST} loading={look.isPending} onClick={open}>
              {t('correct.open')}
            </Button>
          </Group>
        ) : (
          <Written at={at} begins={row} why={why.trim()} onClose={onClose} />
        )}
      </Stack>
    </Modal>
  )
}

/** An earlier correction is gone on with, not begun anew. */
const asCorrected = ({ row, correction }: TimelineAnswer['record']) =>
  (correction?.changes ?? []).reduce<unknown>((so, { path, now }) => placedAt(so, path, now), row)

function Written({
  at,
  begins,
  why,
  onClose,
}: {
  readonly at: Key
  readonly begins: string
  readonly why: string
  readonly onClose: () => void
}) {
  const { t } = useTranslation()
  const [text, setText] = useState(begins)
  const [typed] = useDebouncedValue(text, TYPING_MS)
  const row = parsed(typed)
  const tried = useQuery({
    queryKey: ['correct', at, typed],
    queryFn: () => api.correct({ ...at, row, dryRun: true, why }),
    enabled: row !== undefined && why.length >= LEAST,
    placeholderData: keepPreviousData,
    refetchInterval: false,
  })
  const save = useDo(
    () => api.correct({ ...at, row: parsed(text), why }),
    ({ retried }) => t('correct.done', { count: retried }),
  )
  const changes = tried.data?.changes ?? []
  // What the server tells of it is masked, and must not be what a script writes.
  const set = row === undefined ? [] : changesBetween(parsed(begins), row)
  return (
    <>
      <Textarea
        label={t('correct.row')}
        autosize
        minRows={8}
        maxRows={18}
        value={text}
        error={parsed(text) === undefined ? t('mapping.noData') : undefined}
        onChange={event => setText(event.currentTarget.value)}
        styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)', fontSize: 12 } }}
      />
      <div role="status">
        {tried.data?.problems.map(words => (
          <Text key={words} size="sm" className="wraps">
            {words}
          </Text>
        ))}
        {tried.data?.problems.length === 0 && (
          <Text size="sm">{changes.length === 0 ? t('correct.none') : t('correct.readable')}</Text>
        )}
        <List size="sm">
          {changes.map(({ path, was, now }) => (
            <List.Item key={path.join('.')} className="wraps">
              <code>{path.join('.')}</code>: {shown(was)} → {shown(now)}
            </List.Item>
          ))}
        </List>
      </div>
      <Group justify="space-between">
        <CopyAs {...commands.correct(at, set, why)} />
        <Group gap="xs">
          <Button variant="default" onClick={onClose}>
            {t('actions.cancel')}
          </Button>
          <Button
            loading={save.isPending}
            disabled={parsed(text) === undefined || text === begins || why.length < LEAST}
            onClick={() => save.mutate(undefined, { onSuccess: onClose })}
          >
            {t('correct.go')}
          </Button>
        </Group>
      </Group>
    </>
  )
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return undefined
  }
}
