import type { MeAnswer, SessionAnswer } from '@linchpin/api'
import { Button, List, PasswordInput, Stack, Text, Title } from '@mantine/core'
import { IconLogout } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api, useAsked, useDo } from '../api.ts'
import { signOut, useMe } from '../me.ts'
import { EndSession } from '../parts/end-session.tsx'
import { LEAST, NewPassword } from '../parts/new-password.tsx'
import { SessionRows } from '../parts/session-rows.tsx'
import { Answered, PageTitle } from '../parts/states.tsx'

/** Who I am here, what I may do, and where I am signed in. */
export function Account() {
  const { t } = useTranslation()
  const me = useMe()
  const out = useDo(signOut)
  return (
    <>
      <PageTitle title={t('account.title')}>
        <Button
          size="xs"
          variant="default"
          leftSection={<IconLogout size={14} aria-hidden />}
          loading={out.isPending}
          onClick={() => out.mutate(undefined)}
        >
          {t('account.signOut')}
        </Button>
      </PageTitle>
      <Answered query={me}>
        {data => (
          <Stack>
            <div className="beside">
              <Facts me={data} />
              <Password me={data} />
            </div>
            <Sessions />
          </Stack>
        )}
      </Answered>
    </>
  )
}

function Facts({ me }: { readonly me: MeAnswer }) {
  const { t } = useTranslation()
  return (
    <section className="card">
      <dl className="facts">
        <dt>{t('people.name')}</dt>
        <dd>{me.who}</dd>
        <dt>{t('signIn.email')}</dt>
        <dd>{me.email}</dd>
        <dt>{t('people.role')}</dt>
        <dd>{me.role && t(`role.${me.role}`)}</dd>
      </dl>
      <Title order={2} size="h6" mt="md" mb={4}>
        {t('account.may')}
      </Title>
      <List size="sm">
        {me.rights.map(right => (
          <List.Item key={right}>{t(`right.${right}`)}</List.Item>
        ))}
      </List>
    </section>
  )
}

function Password({ me }: { readonly me: MeAnswer }) {
  const { t } = useTranslation()
  const [now, setNow] = useState('')
  const [wanted, setWanted] = useState('')
  const [again, setAgain] = useState('')
  const change = useDo(
    () => api.changePassword({ password: now, newPassword: wanted }),
    () => {
      for (const empty of [setNow, setWanted, setAgain]) empty('')
      return t('account.changed')
    },
  )
  return (
    <section className="card">
      <Title order={2} size="h5" mb="xs">
        {t('account.password')}
      </Title>
      {me.signsIn === 'password' ? (
        <form
          onSubmit={event => {
            event.preventDefault()
            change.mutate(undefined)
          }}
        >
          <input type="hidden" autoComplete="username" value={me.email ?? ''} readOnly />
          <Stack gap="sm" maw={420}>
            <PasswordInput
              label={t('account.now')}
              autoComplete="current-password"
              required
              withAsterisk={false}
              value={now}
              onChange={event => setNow(event.currentTarget.value)}
            />
            <NewPassword
              label={t('account.new')}
              value={wanted}
              again={again}
              onChange={setWanted}
              onAgain={setAgain}
            />
            <Button
              type="submit"
              size="xs"
              loading={change.isPending}
              disabled={now === '' || wanted.length < LEAST || wanted !== again}
            >
              {t('account.password')}
            </Button>
          </Stack>
        </form>
      ) : (
        <Text size="sm">{t('account.elsewhere')}</Text>
      )}
    </section>
  )
}

function Sessions() {
  const { t } = useTranslation()
  const asked = useAsked(['my sessions'], () => api.mySessions({}))
  const [ending, end] = useState<SessionAnswer | null>(null)
  return (
    <section className="card">
      <Title order={2} size="h5" mb="xs">
        {t('account.sessions')}
      </Title>
      <Answered query={asked}>
        {({ sessions }) => <SessionRows of={sessions} names={false} onEnd={end} />}
      </Answered>
      {ending && (
        <EndSession of={ending} end={() => api.endMySession({ id: ending.id })} onClose={() => end(null)} />
      )}
    </section>
  )
}
