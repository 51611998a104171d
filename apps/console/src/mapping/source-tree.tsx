import { TextInput, UnstyledButton } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import classes from './mapping.module.css'
import { leavesOf, shown } from './tree.ts'

/** What the record holds; pointing at a value takes its path into the field that is being written. */
export function SourceTree({
  source,
  onTake,
}: {
  readonly source: unknown
  readonly onTake: ((path: string) => void) | null
}) {
  const { t } = useTranslation()
  const [text, setText] = useState('')
  const leaves = leavesOf(source).filter(({ path, value }) =>
    `${path} ${shown(value)}`.toLowerCase().includes(text.toLowerCase()),
  )
  return (
    <section className="card" aria-label={t('mapping.source')}>
      <h2 className={classes['head']}>{t('mapping.source')}</h2>
      <TextInput
        size="xs"
        aria-label={t('mapping.filter')}
        placeholder={t('mapping.filter')}
        value={text}
        onChange={event => setText(event.currentTarget.value)}
      />
      <div className={classes['tree']} tabIndex={0} role="group" aria-label={t('mapping.source')}>
        {leaves.map(({ path, value }) => (
          <UnstyledButton
            key={path}
            className={classes['leaf'] ?? ''}
            disabled={onTake === null}
            title={onTake === null ? path : t('mapping.take', { path })}
            onClick={() => onTake?.(path)}
          >
            <code>{path}</code>
            <span className="quiet">{shown(value)}</span>
          </UnstyledButton>
        ))}
      </div>
    </section>
  )
}
