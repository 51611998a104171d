import type { MappingDetail, SeenValues } from '@linchpin/api'
import { Badge, Group, Stack, Table, Text, TextInput } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { Empty } from '../parts/states.tsx'
import { Wide } from '../parts/wide.tsx'
import type { Draft } from './draft.ts'
import { valueOf } from './expression.ts'
import classes from './mapping.module.css'
import { shown } from './tree.ts'

/** The tables of a mapping: first what they were asked for and do not have. */
export function Tables({
  of,
  seen,
  draft,
}: {
  readonly of: MappingDetail
  readonly seen: SeenValues
  readonly draft: Draft
}) {
  const { t } = useTranslation()
  const lacking = seen.tables.toSorted((left, right) => lacks(right) - lacks(left))
  const names = [...new Set([...lacking.map(({ table }) => table), ...Object.keys(of.tables)])]
  if (names.length === 0) return <Empty title={t('mapping.noTables')}>{t('mapping.noTablesWords')}</Empty>
  return (
    <Stack>
      {names.map(name => (
        <OneTable
          key={name}
          name={name}
          of={of}
          seen={seen.tables.find(each => each.table === name)}
          draft={draft}
        />
      ))}
    </Stack>
  )
}

type Seen = SeenValues['tables'][number]

const lacks = ({ values }: Seen) => values.filter(({ has }) => !has).length

function OneTable({
  name,
  of,
  seen,
  draft,
}: {
  readonly name: string
  readonly of: MappingDetail
  readonly seen: Seen | undefined
  readonly draft: Draft
}) {
  const { t } = useTranslation()
  const known = { ...of.tables[name], ...draft.own.tables?.[name] }
  const live = of.tables[name] ?? {}
  const asked = seen?.values ?? []
  const lacking = asked.filter(({ value }) => !(value in live)).map(({ value }) => value)
  const values = [...lacking, ...Object.keys(known).filter(value => !lacking.includes(value))]
  return (
    <section className="card">
      <Group gap="xs" mb="xs">
        <h2 className={classes['head']}>{name}</h2>
        <Text size="xs" className="quiet">
          {seen && seen.fields.length > 0 ? t('mapping.fills', { fields: seen.fields.join(', ') }) : ''}
        </Text>
      </Group>
      <Wide least={420} file={`table-${name}`}>
        <Table verticalSpacing={4}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t('mapping.value')}</Table.Th>
              <Table.Th>{t('mapping.becomes')}</Table.Th>
              <Table.Th ta="right">{t('mapping.seen')}</Table.Th>
              <Table.Th ta="right">{t('parked.since')}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {values.map(value => {
              const counts = asked.find(each => each.value === value)
              const mine = draft.own.tables?.[name]?.[value]
              return (
                <Table.Tr key={value} data-lacking={lacking.includes(value)}>
                  <Table.Td>
                    <Group gap={6}>
                      <code>{value}</code>
                      {lacking.includes(value) && (
                        <Badge size="sm" color="red" variant="light" tt="none">
                          {t('mapping.lacks')}
                        </Badge>
                      )}
                    </Group>
                  </Table.Td>
                  <Table.Td>
                    <TextInput
                      size="xs"
                      aria-label={t('mapping.becomesOf', { value })}
                      placeholder={lacking.includes(value) ? t('mapping.becomes') : ''}
                      value={value in known ? written(known[value]) : ''}
                      onChange={({ currentTarget: { value: text } }) =>
                        draft.setValue(name, value, text === '' ? undefined : valueOf(text))
                      }
                    />
                    {mine !== undefined && (
                      <Text size="xs" className="quiet">
                        {t('mapping.yours')}
                      </Text>
                    )}
                  </Table.Td>
                  <Table.Td ta="right">{counts?.count ?? 0}</Table.Td>
                  <Table.Td ta="right">{counts?.parked ?? 0}</Table.Td>
                </Table.Tr>
              )
            })}
          </Table.Tbody>
        </Table>
      </Wide>
    </section>
  )
}

const written = (value: unknown) => (typeof value === 'string' ? value : shown(value))
