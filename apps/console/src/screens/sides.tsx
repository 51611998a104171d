import type { SidesAnswer } from '@linchpin/api'
import { Group, Stack, Switch, Table, Text } from '@mantine/core'
import { IconEqualNot } from '@tabler/icons-react'
import { useParams } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api, useAsked } from '../api.ts'
import { shown } from '../mapping/tree.ts'
import { shownId } from '../parts/shown-id.ts'
import { RecordLink } from '../parts/record-link.tsx'
import { Answered, PageTitle } from '../parts/states.tsx'
import { Time } from '../parts/time.tsx'
import { Wide } from '../parts/wide.tsx'

/** A record and its counterpart, field by field, as both were last read. */
export function Sides() {
  const { flow, id } = useParams({ strict: false }) as { flow: string; id: string }
  const asked = useAsked(['sides', flow, id], () => api.sides({ flow, id }))
  return <Answered query={asked}>{data => <Both of={data} />}</Answered>
}

function Both({ of }: { readonly of: SidesAnswer }) {
  const { t } = useTranslation()
  const [all, setAll] = useState(false)
  const rows = of.fields.filter(({ same }) => all || !same)
  return (
    <>
      <PageTitle title={`${t(`entity.${of.left.entity}`)} ${of.left.label}`}>
        <Switch
          size="sm"
          label={t('compare.all')}
          checked={all}
          onChange={event => setAll(event.currentTarget.checked)}
        />
      </PageTitle>
      <Stack>
        <Text size="sm" className="quiet">
          {t('compare.sidesWords', { flow: of.flow })}
        </Text>
        <section className="card">
          <Wide least={560} file="both-sides">
            <Table verticalSpacing={4}>
              <Table.Thead>
                <Table.Tr>
                  <Table.Th>{t('mapping.field')}</Table.Th>
                  <Table.Th>
                    <RecordLink of={of.left}>{`${of.left.connection} ${shownId(of.left.id)}`}</RecordLink>{' '}
                    <Time at={of.leftReadAt} />
                  </Table.Th>
                  <Table.Th>
                    {of.right === null ? (
                      t('compare.notThere')
                    ) : (
                      <>
                        <RecordLink
                          of={of.right}
                        >{`${of.right.connection} ${shownId(of.right.id)}`}</RecordLink>{' '}
                        <Time at={of.rightReadAt} />
                      </>
                    )}
                  </Table.Th>
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {rows.map(({ field, left, right, same }) => (
                  <Table.Tr key={field}>
                    <Table.Td>
                      <Group gap={4} wrap="nowrap">
                        {!same && <IconEqualNot size={14} aria-label={t('compare.is.different')} />}
                        <code>{field}</code>
                      </Group>
                    </Table.Td>
                    <Table.Td className="wraps">{shown(left)}</Table.Td>
                    <Table.Td className="wraps">{shown(right)}</Table.Td>
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </Table>
          </Wide>
          {rows.length === 0 && <Text size="sm">{t('compare.alike')}</Text>}
        </section>
      </Stack>
    </>
  )
}
