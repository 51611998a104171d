import type { MappingDetail, MappingPreview } from '@linchpin/api'
import { Badge, Button, Group, SegmentedControl, Text } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Draft } from './draft.ts'
import classes from './mapping.module.css'
import { RowForm } from './row-form.tsx'
import { found, resultOf, shown } from './tree.ts'

const SHOWN = ['all', 'own', 'wrong'] as const
type Shown = (typeof SHOWN)[number]

/** Every field of the target that is filled, and how; what is ours can be written here. */
export function Rows({
  of,
  draft,
  preview,
  open,
  onOpen,
}: {
  readonly of: MappingDetail
  readonly draft: Draft
  readonly preview: MappingPreview | undefined
  readonly open: string | null
  readonly onOpen: (field: string | null) => void
}) {
  const { t } = useTranslation()
  const [show, setShow] = useState<Shown>('all')
  const own = Object.keys(draft.own.fields ?? {})
  const fields = [
    ...new Set([...(open === null ? [] : [open]), ...own, ...of.base.map(({ field }) => field)]),
  ]
  const rows = fields.map(field => rowOf(field, of, draft, preview))
  const wanted = rows.filter(
    row => row.field === open || show === 'all' || (show === 'own' ? row.ours : row.problems.length > 0),
  )
  return (
    <section className="card" aria-label={t('mapping.rows')}>
      <Group justify="space-between" mb="xs">
        <h2 className={classes['head']}>{t('mapping.rows')}</h2>
        <SegmentedControl
          size="xs"
          value={show}
          onChange={value => setShow(value as Shown)}
          data={SHOWN.map(value => ({ value, label: t(`mapping.show.${value}`) }))}
        />
      </Group>
      {wanted.length === 0 && <Text size="sm">{t('mapping.noRows')}</Text>}
      {wanted.map(row => (
        <div key={row.field} className={classes['row']} data-wrong={row.problems.length > 0}>
          <Group justify="space-between" gap="xs" wrap="nowrap">
            <Group gap={6} className={classes['name'] ?? ''}>
              <code>{row.field}</code>
              {row.ours && (
                <Badge size="sm" variant="light" tt="none">
                  {t('mapping.yours')}
                </Badge>
              )}
            </Group>
            <Button
              size="compact-xs"
              variant="subtle"
              aria-expanded={open === row.field}
              aria-label={t('mapping.writeField', { field: row.field })}
              onClick={() => onOpen(open === row.field ? null : row.field)}
            >
              {open === row.field ? t('keys.close') : t('mapping.write')}
            </Button>
          </Group>
          <div className={classes['made']}>
            <Text size="xs" className="quiet wraps">
              {row.words}
            </Text>
            <Text size="xs" className={`wraps ${classes['outcome']}`}>
              {shown(row.outcome)}
            </Text>
          </div>
          {row.absent.map(path => (
            <Text key={path} size="xs" className="quiet wraps">
              {t('mapping.absent', { path })}
            </Text>
          ))}
          {row.problems.map(words => (
            <Text key={words} size="xs" className={`wraps ${classes['bad']}`} role="alert">
              {words}
            </Text>
          ))}
          {open === row.field && (
            <RowForm
              field={row.field}
              expression={draft.own.fields?.[row.field]}
              base={of.base.find(({ field }) => field === row.field)?.expression}
              tables={Object.keys({ ...of.tables, ...draft.own.tables })}
              onWrite={expression => draft.setField(row.field, expression)}
            />
          )}
        </div>
      ))}
    </section>
  )
}

function rowOf(field: string, of: MappingDetail, { own }: Draft, preview: MappingPreview | undefined) {
  const tried = preview?.fields.find(each => each.field === field)
  const faults = (preview?.faults ?? []).filter(each => each.field === field || each.field === plain(field))
  const ours = own.fields !== undefined && field in own.fields
  const problems = [...faults.map(({ words }) => words), ...(tried?.problem ? [tried.problem] : [])]
  return {
    field,
    ours,
    words: tried?.words ?? (ours ? '' : (of.base.find(each => each.field === field)?.words ?? '')),
    outcome: tried ? tried.outcome : found(resultOf(preview), field),
    problems,
    absent: ours ? absentIn(tried) : [],
  }
}

/** What it looked for and this record does not have: a misspelt name, where the record may hold any. */
const absentIn = (tried: MappingPreview['fields'][number] | undefined) =>
  (tried?.reads ?? [])
    .filter(({ values }) => values.every(value => value === null || value === undefined))
    .map(({ path }) => path)

/** The checker names lines.sku what its author calls lines[].sku. */
const plain = (field: string) => field.replaceAll('[].', '.')
