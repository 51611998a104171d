import { Center, Loader } from '@mantine/core'
import { Outlet, useRouterState } from '@tanstack/react-router'
import { lazy, Suspense } from 'react'
import { useMe } from '../me.ts'
import { Answered } from '../parts/states.tsx'
import { Shell } from './shell.tsx'

const SignIn = lazy(async () => ({ default: (await import('../screens/sign-in.tsx')).SignIn }))

/** Pages for whoever is not known yet. */
const OPEN = new Set(['/set-up', '/invitation'])

/** Who is not signed in sees how to, at the address where they wanted to be. */
export function Gate() {
  const path = useRouterState({ select: state => state.location.pathname })
  const me = useMe()
  const waiting = (
    <Center mih="60vh">
      <Loader aria-label="Linchpin" />
    </Center>
  )
  if (me.isPending) return waiting
  return (
    <Suspense fallback={waiting}>
      {OPEN.has(path) ? (
        <Outlet />
      ) : (
        <Answered query={me}>
          {known => (known.who === null ? <SignIn ways={known} /> : <Shell me={known} />)}
        </Answered>
      )}
    </Suspense>
  )
}
