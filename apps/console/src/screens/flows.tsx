import type { HomeAnswer } from '@linchpin/api'
import { Anchor, SegmentedControl, Table } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { lazy, Suspense, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api, useAsked } from '../api.ts'
import { Answered, Loading, PageTitle } from '../parts/states.tsx'
import { Time } from '../parts/time.tsx'
import { Verdict } from '../parts/verdict.tsx'
import { Wide } from '../parts/wide.tsx'

const Picture = lazy(async () => ({ default: (await import('./picture.tsx')).Picture }))

/** On a narrower screen the picture is too small to read; it is still there for whoever wants it. */
const PICTURE_PX = 760

/** Who tells whom what: as a picture, and as a table that says the same. */
export function Flows() {
  const { t } = useTranslation()
  const [view, setView] = useState(() => (innerWidth < PICTURE_PX ? 'table' : 'picture'))
  const home = useAsked(['home'], () => api.home({}))
  return (
    <>
      <PageTitle title={t('nav.flows')}>
        <SegmentedControl
          size="xs"
          value={view}
          onChange={setView}
          data={(['picture', 'table'] as const).map(value => ({ value, label: t(`flows.${value}`) }))}
        />
      </PageTitle>
      <Answered query={home}>
        {data =>
          view === 'table' ? (
            <Rows of={data} />
          ) : (
            <Suspense fallback={<Loading />}>
              <Picture of={data} />
            </Suspense>
          )
        }
      </Answered>
    </>
  )
}

function Rows({ of }: { readonly of: HomeAnswer }) {
  const { t } = useTranslation()
  return (
    <Wide least={680} file="flows" className="card">
      <Table verticalSpacing="xs">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t('flows.flow')}</Table.Th>
            <Table.Th>{t('flows.what')}</Table.Th>
            <Table.Th>{t('flows.way')}</Table.Th>
            <Table.Th ta="right">{t('flows.open')}</Table.Th>
            <Table.Th ta="right">{t('nav.parked')}</Table.Th>
            <Table.Th>{t('home.oldest')}</Table.Th>
            <Table.Th>{t('record.state')}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {of.flows.map(flow => (
            <Table.Tr key={flow.name}>
              <Table.Td>
                <Anchor component={Link} to="/flows/$name" params={{ name: flow.name } as never} size="sm">
                  {flow.name}
                </Anchor>
              </Table.Td>
              <Table.Td>{t(`entity.${flow.entity}`)}</Table.Td>
              <Table.Td>
                {flow.from} → {flow.to}
              </Table.Td>
              <Table.Td ta="right">{flow.open}</Table.Td>
              <Table.Td ta="right">{flow.parked}</Table.Td>
              <Table.Td>{flow.oldestOwedAt === null ? '–' : <Time at={flow.oldestOwedAt} />}</Table.Td>
              <Table.Td>
                <Verdict is={flow.verdict.is} />
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Wide>
  )
}
