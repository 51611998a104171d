import type { MappingDetail, MappingDifference } from '@linchpin/api'
import { Badge, Group, Stack, Table, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { RecordLink } from '../parts/record-link.tsx'
import { Wide } from '../parts/wide.tsx'
import classes from './mapping.module.css'
import { shown } from './tree.ts'

/** What would be different, shown on records that were really read. */
export function Difference({
  of,
  shown: found,
}: {
  readonly of: MappingDetail
  readonly shown: MappingDifference
}) {
  const { t } = useTranslation()
  const { looked, mended, broken, records, faults } = found
  return (
    <Stack gap="xs">
      <Text size="sm" role="status">
        {t('mapping.differ', { count: records.length, looked })}
      </Text>
      <Group gap="xs">
        {mended > 0 && (
          <Badge color="green" variant="light" tt="none">
            {t('mapping.mended', { count: mended })}
          </Badge>
        )}
        {broken > 0 && (
          <Badge color="red" variant="light" tt="none">
            {t('mapping.broken', { count: broken })}
          </Badge>
        )}
      </Group>
      {faults.map(({ field, words }) => (
        <Text key={`${field} ${words}`} size="sm" className={`wraps ${classes['bad']}`}>
          {field}: {words}
        </Text>
      ))}
      {records.length > 0 && (
        <Wide least={460} most={320}>
          <Table verticalSpacing={4} stickyHeader>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>{t('parked.record')}</Table.Th>
                <Table.Th>{t('mapping.field')}</Table.Th>
                <Table.Th miw={110}>{t('mapping.before')}</Table.Th>
                <Table.Th miw={110}>{t('mapping.after')}</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {records.flatMap(record =>
                rowsOf(record).map((row, index) => (
                  <Table.Tr key={`${record.id} ${row.field}`}>
                    <Table.Td>
                      {index === 0 && (
                        <RecordLink of={{ connection: of.from, entity: of.entity, id: record.id }}>
                          {record.label ?? record.id}
                        </RecordLink>
                      )}
                    </Table.Td>
                    <Table.Td>{row.field === '' ? t('mapping.problem') : <code>{row.field}</code>}</Table.Td>
                    <Table.Td className="wraps">{shown(row.before)}</Table.Td>
                    <Table.Td className="wraps">{shown(row.after)}</Table.Td>
                  </Table.Tr>
                )),
              )}
            </Table.Tbody>
          </Table>
        </Wide>
      )}
    </Stack>
  )
}

interface Row {
  /** Empty for what is wrong with the record as a whole. */
  readonly field: string
  readonly before: unknown
  readonly after: unknown
}

function rowsOf({ fields, before, after }: MappingDifference['records'][number]): readonly Row[] {
  const wrong = { field: '', before: before.join(' ') || null, after: after.join(' ') || null }
  return before.join() === after.join() ? fields : [...fields, wrong]
}
