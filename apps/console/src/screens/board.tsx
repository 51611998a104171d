import type { ComparisonAnswer } from '@linchpin/api'
import { Anchor, Badge, Button, Group, Table, Text, TextInput } from '@mantine/core'
import { Link, useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api, useAsked } from '../api.ts'
import { Answered, PageTitle } from '../parts/states.tsx'
import { Time } from '../parts/time.tsx'
import { Spark } from '../parts/trend.tsx'
import { Verdict } from '../parts/verdict.tsx'
import { Wide } from '../parts/wide.tsx'

export const KINDS = [
  'different',
  'missing',
  'stray',
  'duplicate',
  'orphan link',
  'unexplained total',
] as const

/** Do both sides agree? One line for each flow, by the last comparison. */
export function Board() {
  const { t } = useTranslation()
  const asked = useAsked(['comparisons'], () => api.comparisons({}))
  return (
    <>
      <PageTitle title={t('nav.compare')}>
        <StockOf />
      </PageTitle>
      <Text size="sm" className="quiet" mb="md">
        {t('compare.words')}
      </Text>
      <Answered query={asked}>{({ comparisons }) => <Lines of={comparisons} />}</Answered>
    </>
  )
}

/** One article in all systems. */
function StockOf() {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const [sku, setSku] = useState('')
  return (
    <form
      onSubmit={event => {
        event.preventDefault()
        if (sku.trim() !== '') void navigate({ to: '/stock/$sku', params: { sku: sku.trim() } as never })
      }}
    >
      <Group gap="xs">
        <TextInput
          size="xs"
          aria-label={t('stock.sku')}
          placeholder={t('stock.sku')}
          value={sku}
          onChange={event => setSku(event.currentTarget.value)}
        />
        <Button size="xs" variant="default" type="submit">
          {t('stock.show')}
        </Button>
      </Group>
    </form>
  )
}

export const wrongOf = ({ kinds }: Pick<ComparisonAnswer, 'kinds'>) =>
  Object.values(kinds).reduce((sum, count) => sum + count, 0)

function Lines({ of }: { readonly of: readonly ComparisonAnswer[] }) {
  const { t } = useTranslation()
  const worst = of.toSorted((left, right) => wrongOf(right) - wrongOf(left))
  return (
    <section className="card">
      <Wide least={980} file="comparisons">
        <Table verticalSpacing={6}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t('flows.flow')}</Table.Th>
              <Table.Th>{t('record.state')}</Table.Th>
              <Table.Th ta="right">{t('compare.same')}</Table.Th>
              <Table.Th>{t('compare.differences')}</Table.Th>
              <Table.Th>{t('trend.head')}</Table.Th>
              <Table.Th>{t('home.oldest')}</Table.Th>
              <Table.Th>{t('compare.at')}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {worst.map(each => (
              <Table.Tr key={each.flow}>
                <Table.Td>
                  <Anchor
                    component={Link}
                    to="/compare/$flow"
                    params={{ flow: each.flow } as never}
                    size="sm"
                  >
                    {each.flow}
                  </Anchor>
                </Table.Td>
                <Table.Td>
                  <VerdictOf each={each} />
                </Table.Td>
                <Table.Td ta="right">{each.comparedAt === null ? '–' : each.same}</Table.Td>
                <Table.Td>
                  <Group gap={4}>
                    {KINDS.filter(kind => each.kinds[kind]).map(kind => (
                      <Badge key={kind} variant="light" color="red" tt="none" miw="max-content">
                        {each.kinds[kind]} {t(`compare.is.${kind}`)}
                      </Badge>
                    ))}
                  </Group>
                </Table.Td>
                <Table.Td>
                  <Spark of={each.trend} />
                </Table.Td>
                <Table.Td>
                  {each.oldestAt === null ? '–' : <Time at={each.oldestAt} />}
                  {each.lately > 0 && (
                    <Text size="xs" className="quiet">
                      {t('compare.lately', { count: each.lately })}
                    </Text>
                  )}
                </Table.Td>
                <Table.Td>
                  <Time at={each.comparedAt} />
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Wide>
    </section>
  )
}

function VerdictOf({ each }: { readonly each: ComparisonAnswer }) {
  const { t } = useTranslation()
  if (each.comparedAt === null) return <Verdict is="calm" word={t('compare.never')} />
  if (wrongOf(each) === 0) return <Verdict is="green" word={t('compare.agrees')} />
  return <Verdict is="amber" word={t('compare.differs', { count: wrongOf(each) })} />
}
