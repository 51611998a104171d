import type { FoundAnswer } from '@linchpin/api'
import { Loader, Modal, Text, TextInput, UnstyledButton } from '@mantine/core'
import { getHotkeyHandler, useDebouncedValue } from '@mantine/hooks'
import { IconSearch } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '../api.ts'
import { useNamed, useStateWords } from '../parts/named.ts'
import { written } from '../parts/amounts.tsx'
import classes from './search.module.css'

const TYPING_MS = 120

/** Any number of any system. Enter opens what is marked; what was pasted and is unique opens by Enter at once. */
export function Search({ onClose }: { readonly onClose: () => void }) {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const [text, setText] = useState('')
  const [marked, mark] = useState(0)
  const [asked] = useDebouncedValue(text.trim(), TYPING_MS)
  const search = useQuery({
    queryKey: ['search', asked],
    queryFn: () => api.search({ text: asked }),
    enabled: asked !== '',
    refetchInterval: false,
  })
  const found = asked === '' ? [] : onceEach(search.data?.found ?? [])
  const open = async (which: number) => {
    const now =
      asked === text.trim() && search.data ? found : onceEach((await api.search({ text: text.trim() })).found)
    const chosen = now[which]
    if (!chosen) return
    const { connection, entity, id } = chosen
    onClose()
    await navigate({ to: '/records/$connection/$entity/$id', params: { connection, entity, id } as never })
  }
  const move = (by: number) => mark(Math.min(Math.max(0, marked + by), Math.max(0, found.length - 1)))
  return (
    <Modal
      opened
      onClose={onClose}
      withCloseButton={false}
      padding="sm"
      yOffset="8vh"
      size="lg"
      // Not even a moment of fading in: what is typed meanwhile would be lost.
      transitionProps={{ duration: 0 }}
      aria-label={t('search.label')}
    >
      <TextInput
        autoFocus
        data-autofocus
        size="md"
        role="combobox"
        aria-expanded={found.length > 0}
        aria-controls="found"
        aria-activedescendant={found.length > 0 ? `found-${marked}` : undefined}
        aria-label={t('search.label')}
        placeholder={t('search.hint')}
        leftSection={<IconSearch size={18} aria-hidden />}
        rightSection={search.isFetching && <Loader size="xs" />}
        value={text}
        onChange={event => {
          setText(event.currentTarget.value)
          mark(0)
        }}
        onKeyDown={getHotkeyHandler([
          ['ArrowDown', () => move(1)],
          ['ArrowUp', () => move(-1)],
          ['Enter', () => void open(marked)],
        ])}
      />
      <div id="found" role="listbox" aria-label={t('search.label')}>
        {found.map((each, index) => (
          <UnstyledButton
            key={`${each.connection} ${each.entity} ${each.id}`}
            id={`found-${index}`}
            role="option"
            tabIndex={-1}
            aria-selected={index === marked}
            className={classes['found'] ?? ''}
            onClick={() => void open(index)}
          >
            <OneFound of={each} />
          </UnstyledButton>
        ))}
      </div>
      <Text size="sm" className="quiet" mt="sm" role="status">
        {asked !== '' && search.data && found.length === 0
          ? t('search.none', { text: asked })
          : found.length > 0
            ? t('search.keys')
            : t('search.type')}
      </Text>
    </Modal>
  )
}

function OneFound({ of }: { readonly of: FoundAnswer }) {
  const { t, i18n } = useTranslation()
  const [named, stateWords] = [useNamed(), useStateWords()]
  return (
    <>
      <span>
        <b>
          {t(`entity.${of.entity}`)} {of.label}
        </b>
        <br />
        <span className="quiet">
          {of.connection}
          {of.value === of.label ? '' : ` · ${named('reference', of.kind)} ${of.value}`}
          {of.state === '' ? '' : ` · ${stateWords(of.entity, of.state)}`}
        </span>
      </span>
      {of.total && <span>{written(of.total, i18n.language)}</span>}
    </>
  )
}

/** A record that carries the number twice is one answer. */
function onceEach(found: readonly FoundAnswer[]): readonly FoundAnswer[] {
  const seen = new Map(found.map(each => [`${each.connection} ${each.entity} ${each.id}`, each]))
  return [...seen.values()]
}
