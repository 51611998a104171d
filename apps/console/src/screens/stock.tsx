import type { StockAnswer } from '@linchpin/api'
import { Stack, Table, Title } from '@mantine/core'
import { useParams } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { api, useAsked } from '../api.ts'
import { shown } from '../mapping/tree.ts'
import { RecordLink } from '../parts/record-link.tsx'
import { Answered, PageTitle } from '../parts/states.tsx'
import { StateChip } from '../parts/state-chip.tsx'
import { Time } from '../parts/time.tsx'
import { Wide } from '../parts/wide.tsx'

/** One article: what every system says about its stock, and what each was told last. */
export function Stock() {
  const { t } = useTranslation()
  const { sku } = useParams({ strict: false }) as { sku: string }
  const asked = useAsked(['stock', sku], () => api.stock({ sku }))
  return (
    <>
      <PageTitle title={t('stock.title', { sku })} />
      <Answered query={asked}>
        {data => (
          <Stack>
            <Levels of={data.levels} />
            <Told of={data.told} />
          </Stack>
        )}
      </Answered>
    </>
  )
}

const FIGURES = ['onHand', 'reserved', 'available'] as const

function Levels({ of }: { readonly of: StockAnswer['levels'] }) {
  const { t } = useTranslation()
  return (
    <section className="card">
      <Title order={2} size="h5" mb="xs">
        {t('stock.says')}
      </Title>
      <Wide least={560} file="stock">
        <Table verticalSpacing={6}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t('record.system')}</Table.Th>
              <Table.Th>{t('stock.location')}</Table.Th>
              {FIGURES.map(figure => (
                <Table.Th key={figure} ta="right">
                  {t(`stock.${figure}`)}
                </Table.Th>
              ))}
              <Table.Th>{t('record.changed')}</Table.Th>
              <Table.Th>{t('record.read')}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {of.map(each => (
              <Table.Tr key={`${each.connection} ${each.id}`}>
                <Table.Td>
                  <RecordLink of={each}>{`${each.connection} ${each.id}`}</RecordLink>
                </Table.Td>
                <Table.Td>{each.location ?? '–'}</Table.Td>
                {FIGURES.map(figure => (
                  <Table.Td key={figure} ta="right">
                    {each[figure] ?? '–'}
                  </Table.Td>
                ))}
                <Table.Td>
                  <Time at={each.changedAt} />
                </Table.Td>
                <Table.Td>
                  <Time at={each.readAt} />
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Wide>
    </section>
  )
}

function Told({ of }: { readonly of: StockAnswer['told'] }) {
  const { t } = useTranslation()
  return (
    <section className="card">
      <Title order={2} size="h5" mb="xs">
        {t('stock.told')}
      </Title>
      <Wide least={560} file="stock-told">
        <Table verticalSpacing={6}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t('flows.flow')}</Table.Th>
              <Table.Th>{t('record.state')}</Table.Th>
              <Table.Th>{t('stock.sent')}</Table.Th>
              <Table.Th>{t('stock.at')}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {of.map(each => (
              <Table.Tr key={`${each.flow} ${each.at}`}>
                <Table.Td>{each.flow}</Table.Td>
                <Table.Td>
                  <StateChip is={each.state} />
                </Table.Td>
                <Table.Td className="wraps">
                  <code>{shown(each.sent)}</code> {each.words}
                </Table.Td>
                <Table.Td>
                  <Time at={each.at} />
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Wide>
    </section>
  )
}
