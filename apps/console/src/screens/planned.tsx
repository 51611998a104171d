import type { PlannedAnswer } from '@linchpin/api'
import { Badge, Button, CloseButton, Group, Table, Text, Title } from '@mantine/core'
import { IconDownload } from '@tabler/icons-react'
import { Fragment, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { saveCsv } from '../parts/csv.ts'
import { Data } from './record.tsx'

/** What a run would do. Nothing was written. */
export function Planned({
  of,
  more,
  onClose,
}: {
  readonly of: readonly PlannedAnswer[]
  readonly more: boolean
  readonly onClose: () => void
}) {
  const { t } = useTranslation()
  const [open, setOpen] = useState<string | null>(null)
  return (
    <section className="card">
      <Group justify="space-between" mb="xs">
        <Title order={2} size="h5">
          {t('flows.planned', { count: of.length })} {more && t('flows.andMore')}
        </Title>
        <Group gap="xs">
          <Button
            size="xs"
            variant="default"
            leftSection={<IconDownload size={14} aria-hidden />}
            onClick={() =>
              saveCsv('dry-run', [
                ['id', 'would', 'words'],
                ...of.map(each => [each.id, each.would, each.words]),
              ])
            }
          >
            CSV
          </Button>
          <CloseButton aria-label={t('keys.close')} onClick={onClose} />
        </Group>
      </Group>
      <Table.ScrollContainer minWidth={420} mah={420}>
        <Table verticalSpacing={6}>
          <Table.Tbody>
            {of.map(each => (
              <Fragment key={each.key}>
                <Table.Tr>
                  <Table.Td>{each.id}</Table.Td>
                  <Table.Td>
                    <Badge variant="default" tt="none">
                      {each.would}
                    </Badge>
                  </Table.Td>
                  <Table.Td>
                    <Text size="sm">{each.words}</Text>
                  </Table.Td>
                  <Table.Td>
                    {each.row !== null && (
                      <Button
                        size="compact-xs"
                        variant="subtle"
                        onClick={() => setOpen(open === each.key ? null : each.key)}
                      >
                        {t('flows.row')}
                      </Button>
                    )}
                  </Table.Td>
                </Table.Tr>
                {open === each.key && (
                  <Table.Tr>
                    <Table.Td colSpan={4}>
                      <Data of={each.row} />
                    </Table.Td>
                  </Table.Tr>
                )}
              </Fragment>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </section>
  )
}
