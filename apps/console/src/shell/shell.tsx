import type { MeAnswer } from '@linchpin/api'
import { ActionIcon, AppShell, Burger, Group, Kbd, UnstyledButton } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconQuestionMark, IconSearch } from '@tabler/icons-react'
import { Outlet } from '@tanstack/react-router'
import { lazy, Suspense, useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { queries } from '../api.ts'
import { listen } from '../live.ts'
import { useKeys } from './keys.ts'
import { Navigation } from './navigation.tsx'
import { placesFor } from './places.ts'
import classes from './shell.module.css'

const KeySheet = lazy(async () => ({ default: (await import('./key-sheet.tsx')).KeySheet }))
const loadSearch = async () => ({ default: (await import('./search.tsx')).Search })
const Search = lazy(loadSearch)

/** What is around every screen. */
export function Shell({ me }: { readonly me: MeAnswer }) {
  const { t } = useTranslation()
  const [nav, navigation] = useDisclosure()
  const [sheet, keys] = useDisclosure()
  const [searching, search] = useDisclosure()
  const places = placesFor(me.rights)
  useKeys({ help: keys.toggle, search: search.open, places })
  // Here before it is asked for: whoever types `/` types the number at once.
  useEffect(() => void loadSearch(), [])
  useEffect(() => listen(queries), [])
  return (
    <AppShell
      header={{ height: 56 }}
      navbar={{ width: 216, breakpoint: 'sm', collapsed: { mobile: !nav } }}
      padding={{ base: 'sm', sm: 'lg' }}
    >
      <AppShell.Header className={classes['header'] ?? ''}>
        <a className="skip" href="#content">
          {t('skipToContent')}
        </a>
        <Group h="100%" px="md" gap="sm" wrap="nowrap">
          <Burger
            opened={nav}
            onClick={navigation.toggle}
            hiddenFrom="sm"
            size="sm"
            aria-label={t('nav.open')}
          />
          <span className={classes['name']}>
            <img src="/icon.svg" alt="" width={26} height={26} /> Linchpin
          </span>
          <UnstyledButton className={classes['search'] ?? ''} onClick={search.open}>
            <IconSearch size={16} aria-hidden />
            <span className={classes['hint']}>{t('search.hint')}</span>
            <Kbd visibleFrom="sm" aria-hidden>
              ⌘ K
            </Kbd>
          </UnstyledButton>
          <ActionIcon
            variant="default"
            size="lg"
            onClick={keys.open}
            aria-label={t('keys.title')}
            visibleFrom="sm"
          >
            <IconQuestionMark size={18} aria-hidden />
          </ActionIcon>
        </Group>
      </AppShell.Header>
      <AppShell.Navbar className={classes['navbar'] ?? ''}>
        <Navigation me={me} places={places} onGo={navigation.close} />
      </AppShell.Navbar>
      <AppShell.Main id="content" tabIndex={-1} className={classes['main'] ?? ''}>
        <Outlet />
      </AppShell.Main>
      <Suspense>
        {sheet && <KeySheet places={places} onClose={keys.close} />}
        {searching && <Search onClose={search.close} />}
      </Suspense>
    </AppShell>
  )
}
