import type { MeAnswer } from '@linchpin/api'
import { ActionIcon, AppShell, Group, ScrollArea } from '@mantine/core'
import { IconLogout, IconUserCircle } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { useDo } from '../api.ts'
import { signOut } from '../me.ts'
import type { Places } from './places.ts'
import { Preferences } from './preferences.tsx'
import classes from './shell.module.css'

export function Navigation({
  me,
  places,
  onGo,
}: {
  readonly me: MeAnswer
  readonly places: Places
  readonly onGo: () => void
}) {
  const { t } = useTranslation()
  return (
    <>
      <AppShell.Section grow p="xs" component={ScrollArea}>
        <nav aria-label={t('nav.label')}>
          {places.map(({ to, name, Icon }) => (
            <Link
              key={to}
              to={to}
              activeOptions={{ exact: to === '/' }}
              className={classes['link'] ?? ''}
              onClick={onGo}
            >
              <Icon size={18} stroke={1.7} aria-hidden />
              {t(`nav.${name}`)}
            </Link>
          ))}
        </nav>
      </AppShell.Section>
      <AppShell.Section p="sm">
        <Account me={me} onGo={onGo} />
        <Preferences />
      </AppShell.Section>
    </>
  )
}

/** Who sits here, and the way out. */
function Account({ me, onGo }: { readonly me: MeAnswer; readonly onGo: () => void }) {
  const { t } = useTranslation()
  const out = useDo(signOut)
  return (
    <Group gap={4} mb="xs" wrap="nowrap">
      <Link
        to="/account"
        className={`${classes['link']} ${classes['account']}`}
        aria-label={t('account.open', { name: me.who })}
        onClick={onGo}
      >
        <IconUserCircle size={18} stroke={1.7} aria-hidden />
        <span className={classes['hint']}>{me.who}</span>
      </Link>
      <ActionIcon
        variant="subtle"
        color="gray"
        size="lg"
        aria-label={t('account.signOut')}
        title={t('account.signOut')}
        loading={out.isPending}
        onClick={() => out.mutate(undefined)}
      >
        <IconLogout size={18} aria-hidden />
      </ActionIcon>
    </Group>
  )
}
