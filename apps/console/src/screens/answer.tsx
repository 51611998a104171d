import type { ParkedAnswer } from '@linchpin/api'
import { Radio, Stack, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '../api.ts'
import * as commands from '../parts/commands.ts'
import { Sure } from '../parts/sure.tsx'

/** Whoever looked in the other system says whether what was sent is there. */
export function Answer({ of, onClose }: { readonly of: ParkedAnswer; readonly onClose: () => void }) {
  const { t } = useTranslation()
  const [isThere, setThere] = useState<boolean | null>(null)
  const [target, setTarget] = useState('')
  const { flow, id, to } = of
  const arrived = isThere === true ? target.trim() : null
  return (
    <Sure
      title={t('parked.arrivedOne', { label: of.label ?? id })}
      words={t('parked.arrivedWords', { to })}
      go={t('parked.answer')}
      ready={isThere === false || (arrived ?? '') !== ''}
      act={() => api.answer({ flow, id, arrived })}
      done={() => t('parked.answered')}
      command={commands.answer(of, arrived)}
      onClose={onClose}
    >
      <Radio.Group
        aria-label={t('parked.arrived')}
        value={isThere === null ? '' : isThere ? 'there' : 'not there'}
        onChange={value => setThere(value === 'there')}
      >
        <Stack gap="sm">
          <Radio value="there" label={t('parked.isThere')} />
          {isThere === true && (
            <TextInput
              ml="xl"
              autoFocus
              label={t('parked.whichId', { to })}
              value={target}
              onChange={event => setTarget(event.currentTarget.value)}
            />
          )}
          <Radio
            value="not there"
            label={t('parked.notThere')}
            description={t('parked.notThereWords', { to })}
          />
        </Stack>
      </Radio.Group>
    </Sure>
  )
}
