import { Anchor, Badge, Group, Stack, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { useAsked } from '../api.ts'
import { Answered, PageTitle } from '../parts/states.tsx'

interface Operation {
  readonly operationId: string
  readonly summary: string
  readonly parameters?: readonly { readonly name: string; readonly in: string; readonly required: boolean }[]
}
interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
}

/** Every route of the API, from the document that it serves itself. */
export function Reference() {
  const { t } = useTranslation()
  const asked = useAsked(
    ['openapi'],
    async () => (await (await fetch('/api/v1/openapi.json')).json()) as Document,
  )
  return (
    <>
      <PageTitle title={t('nav.reference')}>
        <Anchor href="/api/v1/openapi.json" size="sm">
          openapi.json
        </Anchor>
      </PageTitle>
      <Answered query={asked}>
        {({ paths }) => (
          <Stack gap="xs">
            {Object.entries(paths).flatMap(([path, methods]) =>
              Object.entries(methods).map(([method, operation]) => (
                <article key={operation.operationId} className="card">
                  <Group gap="sm">
                    <Badge variant="light" w={58} color={method === 'get' ? 'blue' : 'pin'}>
                      {method}
                    </Badge>
                    <Text ff="monospace" size="sm" className="wraps">
                      /api/v1{path}
                    </Text>
                  </Group>
                  <Text size="sm" mt={4}>
                    {operation.summary}
                  </Text>
                  {operation.parameters && (
                    <Text size="xs" className="quiet" mt={4}>
                      {operation.parameters
                        .map(each => `${each.name}${each.required ? '' : '?'} (${each.in})`)
                        .join(', ')}
                    </Text>
                  )}
                </article>
              )),
            )}
          </Stack>
        )}
      </Answered>
    </>
  )
}
