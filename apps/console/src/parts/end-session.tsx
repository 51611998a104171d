import type { SessionAnswer } from '@linchpin/api'
import { useTranslation } from 'react-i18next'
import { useMe } from '../me.ts'
import * as commands from './commands.ts'
import { browserOf } from './session-rows.tsx'
import { Sure } from './sure.tsx'

/** Whoever sits there is out at once. */
export function EndSession({
  of: { id, name, agent, from },
  end,
  onClose,
}: {
  readonly of: SessionAnswer
  readonly end: () => Promise<unknown>
  readonly onClose: () => void
}) {
  const { t } = useTranslation()
  const isAdmin = useMe().data?.rights.includes('people') ?? false
  return (
    <Sure
      title={t('account.endTitle', { name })}
      words={t('account.endWords', { browser: browserOf(agent), from })}
      go={t('account.end')}
      grave
      act={end}
      done={() => t('account.ended')}
      // Programs have no sessions of their own: a script ends those of others, or none.
      command={isAdmin ? commands.endSession(id) : null}
      onClose={onClose}
    />
  )
}
