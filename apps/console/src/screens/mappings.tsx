import { Anchor, Badge, Group, Table, Text } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { api, useAsked } from '../api.ts'
import { Answered, PageTitle } from '../parts/states.tsx'
import { useWho } from '../parts/named.ts'
import { Time } from '../parts/time.tsx'
import { Wide } from '../parts/wide.tsx'

/** How each kind of record is read, and how it is written. */
export function Mappings() {
  const { t } = useTranslation()
  const whoIs = useWho()
  const asked = useAsked(['mappings'], () => api.mappings({}))
  return (
    <>
      <PageTitle title={t('nav.mapping')} />
      <Text size="sm" className="quiet" mb="md">
        {t('mapping.words')}
      </Text>
      <Answered query={asked}>
        {({ mappings }) => (
          <section className="card">
            <Wide least={620} file="mappings">
              <Table verticalSpacing={6}>
                <Table.Thead>
                  <Table.Tr>
                    <Table.Th>{t('nav.mapping')}</Table.Th>
                    <Table.Th>{t('flows.does')}</Table.Th>
                    <Table.Th>{t('mapping.version')}</Table.Th>
                    <Table.Th>{t('mapping.why')}</Table.Th>
                  </Table.Tr>
                </Table.Thead>
                <Table.Tbody>
                  {mappings.map(({ name, does, entity, from, to, live, own }) => (
                    <Table.Tr key={name}>
                      <Table.Td>
                        <Anchor component={Link} to="/mapping/$name" params={{ name } as never} size="sm">
                          {name}
                        </Anchor>
                      </Table.Td>
                      <Table.Td>{t(`mapping.${does}s`, { what: t(`many.${entity}`), from, to })}</Table.Td>
                      <Table.Td>
                        <Group gap={6}>
                          {live.version === 0 ? t('mapping.configuration') : live.version}
                          {own > 0 && (
                            <Badge size="sm" variant="light" tt="none">
                              {t('mapping.yoursCount', { count: own })}
                            </Badge>
                          )}
                        </Group>
                      </Table.Td>
                      <Table.Td className="wraps">
                        {live.at !== null && (
                          <>
                            {live.why}{' '}
                            <span className="quiet">
                              {whoIs(live.who)}, <Time at={live.at} />
                            </span>
                          </>
                        )}
                      </Table.Td>
                    </Table.Tr>
                  ))}
                </Table.Tbody>
              </Table>
            </Wide>
          </section>
        )}
      </Answered>
    </>
  )
}
