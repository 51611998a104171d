import { AppShell, ScrollArea } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { PLACES } from './places.ts'
import { Preferences } from './preferences.tsx'
import classes from './shell.module.css'

export function Navigation({ onGo }: { readonly onGo: () => void }) {
  const { t } = useTranslation()
  return (
    <>
      <AppShell.Section grow p="xs" component={ScrollArea}>
        <nav aria-label={t('nav.label')}>
          {PLACES.map(({ to, name, Icon }) => (
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
        <Preferences />
      </AppShell.Section>
    </>
  )
}
