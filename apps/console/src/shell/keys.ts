import { useMantineColorScheme, useComputedColorScheme } from '@mantine/core'
import { useHotkeys } from '@mantine/hooks'
import { useNavigate } from '@tanstack/react-router'
import { useRef } from 'react'
import type { Places } from './places.ts'

const TOGETHER_MS = 1_000

/** Keys for those who live here: `?`, `/`, ⌘K, `g` and a letter. Never while somebody types into a field. */
export function useKeys({
  help,
  search,
  places,
}: {
  readonly help: () => void
  readonly search: () => void
  readonly places: Places
}): void {
  const navigate = useNavigate()
  const pressed = useRef(0)
  const { setColorScheme } = useMantineColorScheme()
  const scheme = useComputedColorScheme('light')
  const go = (to: Places[number]['to']) => {
    if (Date.now() - pressed.current < TOGETHER_MS) void navigate({ to })
  }
  useHotkeys([
    ['shift+?', help],
    ['?', help],
    ['/', search],
    ['mod+K', search],
    ['g', () => void (pressed.current = Date.now())],
    ['shift+D', () => setColorScheme(scheme === 'dark' ? 'light' : 'dark')],
    ...places.map(({ key, to }): [string, () => void] => [key, () => go(to)]),
  ])
}
