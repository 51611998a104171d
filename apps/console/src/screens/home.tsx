import { Table } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { api } from '../api.ts'
import { Answered, PageTitle } from '../parts/states.tsx'
import { Verdict } from '../parts/verdict.tsx'

export function Home() {
  const { t } = useTranslation()
  const status = useQuery({ queryKey: ['status'], queryFn: () => api.status({}) })
  return (
    <>
      <PageTitle title={t('home.title')} />
      <Answered query={status}>
        {({ flows }) => (
          <Table.ScrollContainer minWidth={400} className="card">
            <Table>
              <Table.Thead>
                <Table.Tr>
                  <Table.Th>{t('home.flow')}</Table.Th>
                  <Table.Th>{t('home.state')}</Table.Th>
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {flows.map(flow => (
                  <Table.Tr key={flow.name}>
                    <Table.Td>{flow.name}</Table.Td>
                    <Table.Td>
                      <Verdict is={flow.state === 'paused' ? 'calm' : 'green'} />
                    </Table.Td>
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </Table>
          </Table.ScrollContainer>
        )}
      </Answered>
    </>
  )
}
