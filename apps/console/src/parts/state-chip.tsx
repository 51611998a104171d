import { useTranslation } from 'react-i18next'
import { Verdict, type Colour } from './verdict.tsx'

const COLOURS: Readonly<Record<string, Colour>> = {
  done: 'green',
  applied: 'green',
  parked: 'red',
  refused: 'red',
  unknown: 'amber',
  later: 'amber',
}

/** The state of a delivery or the outcome of an attempt. */
export function StateChip({ is }: { readonly is: string }) {
  const { t } = useTranslation()
  return <Verdict is={COLOURS[is] ?? 'calm'} word={t(`state.${is}` as 'state.done', { defaultValue: is })} />
}
