import type { MappingPreview, PlaceAnswer } from '@linchpin/api'
import { UnstyledButton } from '@mantine/core'
import { IconAlertTriangleFilled, IconCircleCheckFilled } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import classes from './mapping.module.css'
import { found, resultOf, shown } from './tree.ts'

/** What the target can hold, with what this record gives it; what must be there and is not, is marked. */
export function TargetTree({
  places,
  preview,
  onOpen,
}: {
  readonly places: readonly PlaceAnswer[]
  readonly preview: MappingPreview | undefined
  readonly onOpen: (field: string) => void
}) {
  const { t } = useTranslation()
  const result = resultOf(preview)
  return (
    <section className="card" aria-label={t('mapping.target')}>
      <h2 className={classes['head']}>{t('mapping.target')}</h2>
      <div className={classes['tree']} tabIndex={0} role="group" aria-label={t('mapping.target')}>
        {places.map(place => {
          const value = found(result, place.path)
          const filled = value !== undefined && value !== null
          return (
            <UnstyledButton
              key={place.path}
              className={classes['leaf'] ?? ''}
              style={{ paddingInlineStart: `${0.4 + depth(place.path) * 0.8}rem` }}
              title={[place.kinds.join(', '), place.values.map(shown).join(' · ')].filter(Boolean).join(': ')}
              onClick={() => onOpen(place.path)}
            >
              <code>
                {filled ? (
                  <IconCircleCheckFilled
                    size={12}
                    className={classes['good']}
                    aria-label={t('mapping.filled')}
                  />
                ) : place.required && isReached(result, place.path) ? (
                  <IconAlertTriangleFilled
                    size={12}
                    className={classes['bad']}
                    aria-label={t('mapping.required')}
                  />
                ) : null}{' '}
                {lastOf(place.path)}
              </code>
              <span className="quiet">
                {filled ? inShort(value) : place.required ? t('mapping.required') : place.kinds.join(', ')}
              </span>
            </UnstyledButton>
          )
        })}
      </div>
    </section>
  )
}

/** What is inside of it stands below. */
const inShort = (value: unknown) =>
  Array.isArray(value) ? `${value.length} ×` : typeof value === 'object' ? '' : shown(value)

const depth = (path: string) => path.split('.').length - 1
const lastOf = (path: string) => path.split('.').at(-1) ?? path

/** What must be in an object is asked for only where there is that object. */
function isReached(result: unknown, path: string): boolean {
  const around = path.split('.').slice(0, -1).join('.').replace(/\[\]$/, '')
  const at = around === '' ? result : found(result, around)
  return at !== undefined && at !== null && !(Array.isArray(at) && at.length === 0)
}
