import type { TimelineAnswer } from '@linchpin/api'
import { List, Text, Title } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api, useDo } from '../api.ts'
import { shown } from '../mapping/tree.ts'
import { Ask } from '../parts/ask.tsx'
import * as commands from '../parts/commands.ts'
import { CopyAs } from '../parts/copy-as.tsx'
import { MayButton } from '../parts/may-button.tsx'
import { useWho } from '../parts/named.ts'
import { Time } from '../parts/time.tsx'

/** What a person put right in this record, and how that ends. */
export function Correction({ of: { correction, ...key } }: { readonly of: TimelineAnswer['record'] }) {
  const { t } = useTranslation()
  const whoIs = useWho()
  const [ending, end] = useState(false)
  const { connection, entity, id } = key
  const stop = useDo((why: string) => api.correct({ connection, entity, id, why }))
  if (correction === null) return null
  return (
    <section className="card">
      <Title order={2} size="h5" mb="xs">
        {t('correct.corrected')}
      </Title>
      <List size="sm">
        {correction.changes.map(({ path, was, now }) => (
          <List.Item key={path.join('.')} className="wraps">
            <code>{path.join('.')}</code>: {shown(was)} → {shown(now)}
          </List.Item>
        ))}
      </List>
      <Text size="sm" className="quiet wraps" mt="xs">
        {whoIs(correction.who)}, <Time at={correction.at} />: {correction.why}
      </Text>
      <MayButton right="operate" mt="xs" size="compact-xs" variant="default" onClick={() => end(true)}>
        {t('correct.end')}
      </MayButton>
      {ending && (
        <Ask
          title={t('correct.end')}
          words={t('correct.endWords')}
          label={t('actions.reason')}
          go={t('correct.end')}
          copyAs={why => <CopyAs {...commands.endCorrection(key, why)} />}
          onClose={() => end(false)}
          onGo={async why => {
            await stop.mutateAsync(why)
            end(false)
          }}
        />
      )}
    </section>
  )
}
