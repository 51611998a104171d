import {
  IconAlertTriangleFilled,
  IconCircleCheckFilled,
  IconOctagonFilled,
  IconPlayerPauseFilled,
} from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import classes from './verdict.module.css'

export type Colour = 'green' | 'amber' | 'red' | 'calm'

const ICONS = {
  green: IconCircleCheckFilled,
  amber: IconAlertTriangleFilled,
  red: IconOctagonFilled,
  calm: IconPlayerPauseFilled,
} as const

/** A verdict has a colour, a shape and a word: who sees no colours sees the other two. */
export function Verdict({ is, word }: { readonly is: Colour; readonly word?: string }) {
  const { t } = useTranslation()
  const Icon = ICONS[is]
  return (
    <span className={`${classes['verdict']} ${classes[is]}`}>
      <Icon size={14} aria-hidden />
      {word ?? t(`verdict.${is}`)}
    </span>
  )
}
