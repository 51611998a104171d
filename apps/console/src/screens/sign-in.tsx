import type { MeAnswer } from '@linchpin/api'
import { ApiTrouble } from '@linchpin/api/client'
import { Button, Code, Divider, PasswordInput, Stack, Text, TextInput } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useNavigate, useRouterState } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '../api.ts'
import { comeIn } from '../me.ts'
import { PlainPage, Wrong } from '../parts/plain-page.tsx'

/** How to come in, in every way that this Linchpin offers. */
export function SignIn({ ways }: { readonly ways: MeAnswer }) {
  const { t } = useTranslation()
  const enter = useEnter()
  const refused = useRefused()
  return (
    <PlainPage title={ways.setUp ? t('signIn.nobody') : t('signIn.title')}>
      <Stack>
        {refused !== null && <Wrong>{refused}</Wrong>}
        {ways.demo && <Demo enter={enter} />}
        {ways.openid !== null && (
          <Button component="a" href="/sign-in/openid" variant={ways.setUp ? 'filled' : 'default'}>
            {t('signIn.with', { label: ways.openid })}
          </Button>
        )}
        {ways.setUp ? <Nobody /> : !ways.demo && <Password enter={enter} divided={ways.openid !== null} />}
      </Stack>
    </PlainPage>
  )
}

type Enter = (work: () => Promise<MeAnswer>) => Promise<void>

function useEnter(): Enter {
  const navigate = useNavigate()
  const path = useRouterState({ select: state => state.location.pathname })
  return async work => {
    await comeIn(await work())
    if (path === '/sign-in') await navigate({ to: '/' })
  }
}

function Nobody() {
  const { t } = useTranslation()
  return (
    <>
      <Text size="sm">{t('signIn.nobodyWords')}</Text>
      <Code block>linchpin people set-up</Code>
    </>
  )
}

function Demo({ enter }: { readonly enter: Enter }) {
  const { t } = useTranslation()
  const go = useMutation({ mutationFn: () => enter(() => api.enterDemo({})) })
  return (
    <>
      {go.error && <Wrong>{go.error.message}</Wrong>}
      <Text size="sm">{t('signIn.demoWords')}</Text>
      <Button loading={go.isPending} onClick={() => go.mutate()}>
        {t('signIn.demo')}
      </Button>
    </>
  )
}

function Password({ enter, divided }: { readonly enter: Enter; readonly divided: boolean }) {
  const { t } = useTranslation()
  const [email, setEmail] = useState('')
  const [password, setPassword] = useState('')
  const go = useMutation({ mutationFn: () => enter(() => api.signIn({ email, password })) })
  const wrong = useWrong(go.error)
  return (
    <>
      {divided && <Divider label={t('signIn.or')} />}
      {wrong !== null && <Wrong>{wrong}</Wrong>}
      <form
        onSubmit={event => {
          event.preventDefault()
          go.mutate()
        }}
      >
        <Stack>
          <TextInput
            label={t('signIn.email')}
            type="email"
            autoComplete="username"
            autoFocus
            required
            withAsterisk={false}
            value={email}
            onChange={event => setEmail(event.currentTarget.value)}
          />
          <PasswordInput
            label={t('signIn.password')}
            autoComplete="current-password"
            required
            withAsterisk={false}
            value={password}
            onChange={event => setPassword(event.currentTarget.value)}
          />
          <Button type="submit" loading={go.isPending}>
            {t('signIn.go')}
          </Button>
          <Text size="sm" className="quiet">
            {t('signIn.forgotten')}
          </Text>
        </Stack>
      </form>
    </>
  )
}

function useWrong(error: Error | null): string | null {
  const { t } = useTranslation()
  if (error === null) return null
  const code = error instanceof ApiTrouble ? error.code : ''
  // What is no address at all is refused before it is looked for: the same mistake, for who makes it.
  if (code === 'wrong-password' || code === 'bad-request') return t('signIn.wrong')
  return code === 'too-many-tries' ? t('signIn.often') : error.message
}

/** What the way back from the provider says. */
function useRefused(): string | null {
  const { t } = useTranslation()
  const why = useRouterState({
    select: state => new URLSearchParams(state.location.searchStr).get('refused'),
  })
  if (why === null) return null
  if (why === 'no-role') return t('signIn.noRole')
  if (why === 'known-address') return t('signIn.known')
  if (why === 'last-admin') return t('signIn.lastAdmin')
  if (why === 'too-many-tries') return t('signIn.often')
  return why === 'shut-out' ? t('signIn.shutOut') : t('signIn.provider')
}
