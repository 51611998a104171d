import type { VerdictAnswer } from '@linchpin/api'
import { Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'

/** Why it is not green, in sentences. */
export function Reasons({ of }: { readonly of: VerdictAnswer }) {
  const { t } = useTranslation()
  return (
    <div className="reasons">
      {of.because.map(({ code, facts }) => (
        <Text key={`${code} ${JSON.stringify(facts)}`} size="sm" className="wraps">
          {t(`because.${code}` as 'because.parked', { ...facts, count: countIn(facts) })}
        </Text>
      ))}
    </div>
  )
}

/** What decides between one and many. */
function countIn({ count, late, minutes, days, seconds }: VerdictAnswer['because'][number]['facts']): number {
  return Number(count ?? late ?? minutes ?? days ?? seconds ?? 0)
}
