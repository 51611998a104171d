import { Anchor, Group, Progress, SimpleGrid, Text } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { api, useAsked } from '../api.ts'
import { Reasons } from '../parts/reasons.tsx'
import { Answered, PageTitle } from '../parts/states.tsx'
import { Verdict } from '../parts/verdict.tsx'

export function Connections() {
  const { t } = useTranslation()
  const home = useAsked(['home'], () => api.home({}))
  return (
    <>
      <PageTitle title={t('nav.connections')} />
      <Answered query={home}>
        {({ connections }) => (
          <SimpleGrid cols={{ base: 1, md: 2, xl: 3 }}>
            {connections.map(each => (
              <article key={each.name} className="card">
                <Group justify="space-between">
                  <Anchor
                    component={Link}
                    to="/connections/$name"
                    params={{ name: each.name } as never}
                    fw={600}
                    size="lg"
                  >
                    {each.name}
                  </Anchor>
                  <Verdict is={each.verdict.is} />
                </Group>
                <Text size="sm" className="quiet">
                  {each.title} · {each.role}
                </Text>
                <Reasons of={each.verdict} />
                <Text size="xs" className="quiet" mt="sm">
                  {t('home.budget', {
                    left: each.budget.left,
                    of: each.budget.of,
                    seconds: each.budget.perMs / 1000,
                  })}{' '}
                  · {t('connections.backlog', { count: each.backlog })}
                </Text>
                <Progress
                  value={(each.budget.left / each.budget.of) * 100}
                  size="sm"
                  aria-label={t('home.budgetName')}
                />
              </article>
            ))}
          </SimpleGrid>
        )}
      </Answered>
    </>
  )
}
