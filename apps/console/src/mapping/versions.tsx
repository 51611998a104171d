import type { MappingDetail } from '@linchpin/api'
import { Badge, Group, Table, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { MayButton } from '../parts/may-button.tsx'
import { useWho } from '../parts/named.ts'
import { Time } from '../parts/time.tsx'
import { Wide } from '../parts/wide.tsx'
import type { Own } from './draft.ts'

/** Who changed it when and why; any of them can count again. */
export function Versions({
  of,
  onRollBack,
  onEdit,
}: {
  readonly of: MappingDetail
  readonly onRollBack: (version: number, mapping: Own) => void
  readonly onEdit: (mapping: Own) => void
}) {
  const { t } = useTranslation()
  const whoIs = useWho()
  return (
    <section className="card">
      <Wide least={560} file={`versions-${of.name}`}>
        <Table verticalSpacing={6}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t('mapping.version')}</Table.Th>
              <Table.Th>{t('mapping.saved')}</Table.Th>
              <Table.Th>{t('mapping.who')}</Table.Th>
              <Table.Th>{t('mapping.why')}</Table.Th>
              <Table.Th>{t('mapping.do')}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {of.versions.map(({ version, at, who, why, mapping }) => (
              <Table.Tr key={version}>
                <Table.Td>
                  <Group gap={6}>
                    {version}
                    {version === of.live.version && (
                      <Badge size="sm" variant="light" tt="none">
                        {t('mapping.live')}
                      </Badge>
                    )}
                  </Group>
                </Table.Td>
                <Table.Td>{at === null ? '–' : <Time at={at} />}</Table.Td>
                <Table.Td>{version === 0 ? t('mapping.configuration') : whoIs(who)}</Table.Td>
                <Table.Td className="wraps">{why}</Table.Td>
                <Table.Td>
                  <Group gap={4}>
                    {version !== of.live.version && (
                      <MayButton
                        right="build"
                        size="compact-xs"
                        variant="default"
                        onClick={() => onRollBack(version, mapping)}
                      >
                        {t('mapping.rollBackTo', { version })}
                      </MayButton>
                    )}
                    <MayButton
                      right="build"
                      size="compact-xs"
                      variant="subtle"
                      onClick={() => onEdit(mapping)}
                    >
                      {t('mapping.editFrom')}
                    </MayButton>
                  </Group>
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Wide>
      <Text size="xs" className="quiet" mt="xs">
        {t('mapping.versionWords', { cli: `linchpin mapping export ${of.name}` })}
      </Text>
    </section>
  )
}
