import { Button, Group, NativeSelect, Stack, Text, Textarea, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { expressionOf, FORMS, formOf, tableOf, textOf, type Form } from './expression.ts'

/** Where one field comes from. What is typed is tried at once, on a real record. */
export function RowForm({
  field,
  expression,
  base,
  tables,
  onWrite,
}: {
  readonly field: string
  /** Ours; undefined: the connector's stands. */
  readonly expression: unknown
  readonly base: unknown
  readonly tables: readonly string[]
  readonly onWrite: (expression: unknown) => void
}) {
  const { t } = useTranslation()
  const begins = expression === undefined ? (base ?? '') : expression
  const [form, setForm] = useState<Form>(formOf(begins))
  const [text, setText] = useState(textOf(begins))
  const [table, setTable] = useState(tableOf(begins) || (tables[0] ?? ''))
  const [seen, see] = useState(expression)
  // A path was taken from the record beside it.
  if (seen !== expression) {
    see(expression)
    if (
      JSON.stringify(expressionOf(form, text, table)) !== JSON.stringify(expression) &&
      expression !== undefined
    ) {
      setForm(formOf(expression))
      setText(textOf(expression))
    }
  }
  const write = (nextForm: Form, nextText: string, nextTable: string) => {
    setForm(nextForm)
    setText(nextText)
    setTable(nextTable)
    const made = expressionOf(nextForm, nextText, nextTable)
    if (made !== undefined) onWrite(made)
  }
  const broken = form === 'data' && expressionOf(form, text, table) === undefined
  return (
    <Stack gap="xs" mt="xs">
      <Group gap="xs" align="end" wrap="wrap">
        <NativeSelect
          size="xs"
          label={t('mapping.form')}
          value={form}
          data={FORMS.map(value => ({ value, label: t(`mapping.forms.${value}`) }))}
          onChange={({ currentTarget: { value } }) =>
            write(
              value as Form,
              value === 'data' ? JSON.stringify(begins, null, 2) : form === 'data' ? '' : text,
              table,
            )
          }
        />
        {form === 'lookup' && (
          <NativeSelect
            size="xs"
            label={t('mapping.table')}
            value={table}
            data={[...tables]}
            onChange={event => write(form, text, event.currentTarget.value)}
          />
        )}
        {form !== 'none' && form !== 'data' && (
          <TextInput
            size="xs"
            label={t(`mapping.texts.${form}`)}
            aria-label={`${field}: ${t(`mapping.texts.${form}`)}`}
            value={text}
            onChange={event => write(form, event.currentTarget.value, table)}
            style={{ flex: '1 1 12rem' }}
            styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)' } }}
          />
        )}
      </Group>
      {form === 'data' && (
        <Textarea
          size="xs"
          autosize
          minRows={3}
          maxRows={16}
          label={t('mapping.texts.data')}
          value={text}
          error={broken ? t('mapping.noData') : undefined}
          onChange={event => write(form, event.currentTarget.value, table)}
          styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)' } }}
        />
      )}
      {form === 'none' && <Text size="xs">{t('mapping.leftOut')}</Text>}
      {expression !== undefined && (
        <Button
          size="compact-xs"
          variant="default"
          onClick={() => onWrite(undefined)}
          style={{ alignSelf: 'start' }}
        >
          {base === undefined ? t('mapping.remove') : t('mapping.toConnector')}
        </Button>
      )}
    </Stack>
  )
}
