import type { MeAnswer } from '@linchpin/api'
import { ApiTrouble } from '@linchpin/api/client'
import { Button, Stack, Text, TextInput } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useEffect, useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '../api.ts'
import { comeIn } from '../me.ts'
import { LEAST, NewPassword } from '../parts/new-password.tsx'
import { PlainPage, Wrong } from '../parts/plain-page.tsx'

/** The one-time link of the first start: whoever opens it becomes the first admin. */
export function SetUp() {
  const { t } = useTranslation()
  const [name, setName] = useState('')
  const [email, setEmail] = useState('')
  return (
    <ByLink
      title={t('setUp.title')}
      words={t('setUp.words')}
      go={t('setUp.go')}
      use={(token, password) => api.setUp({ token, name, email, password })}
    >
      <TextInput
        label={t('setUp.name')}
        autoComplete="name"
        autoFocus
        required
        withAsterisk={false}
        maxLength={100}
        value={name}
        onChange={event => setName(event.currentTarget.value)}
      />
      <TextInput
        label={t('signIn.email')}
        type="email"
        autoComplete="username"
        required
        withAsterisk={false}
        value={email}
        onChange={event => setEmail(event.currentTarget.value)}
      />
    </ByLink>
  )
}

/** The one-time link of an invitation, or for a new password. */
export function Invitation() {
  const { t } = useTranslation()
  return (
    <ByLink
      title={t('setUp.invitation')}
      words={t('setUp.invitationWords')}
      go={t('setUp.save')}
      use={(token, password) => api.acceptInvitation({ token, password })}
    />
  )
}

interface Link {
  readonly title: string
  readonly words: string
  readonly go: string
  readonly children?: ReactNode
  readonly use: (token: string, password: string) => Promise<MeAnswer>
}

function ByLink({ title, words, go, children, use }: Link) {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const token = useToken()
  const [password, setPassword] = useState('')
  const [again, setAgain] = useState('')
  const work = useMutation({
    mutationFn: async () => {
      await comeIn(await use(token, password))
      await navigate({ to: '/' })
    },
  })
  return (
    <PlainPage title={title}>
      <form
        onSubmit={event => {
          event.preventDefault()
          work.mutate()
        }}
      >
        <Stack>
          <Text size="sm">{words}</Text>
          {work.error && <LinkWrong error={work.error} />}
          {children}
          <NewPassword
            label={t('signIn.password')}
            value={password}
            again={again}
            onChange={setPassword}
            onAgain={setAgain}
          />
          <Button
            type="submit"
            loading={work.isPending}
            disabled={password.length < LEAST || password !== again}
          >
            {go}
          </Button>
        </Stack>
      </form>
    </PlainPage>
  )
}

/** It stands behind #, and is taken out of the address at once: nobody shall find it in the history. */
function useToken(): string {
  const [token] = useState(() => location.hash.slice(1))
  useEffect(() => history.replaceState(history.state, '', location.pathname), [])
  return token
}

function LinkWrong({ error }: { readonly error: Error }) {
  const { t } = useTranslation()
  if (!(error instanceof ApiTrouble) || error.code !== 'dead-link') return <Wrong>{error.message}</Wrong>
  return <Wrong title={t('setUp.dead')}>{t('setUp.deadWords')}</Wrong>
}
