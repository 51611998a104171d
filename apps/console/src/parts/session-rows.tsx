import type { SessionAnswer } from '@linchpin/api'
import { Badge, Button, Group, Table, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { Time } from './time.tsx'
import { Wide } from './wide.tsx'

/** Who is signed in, from where; each can be ended. */
export function SessionRows({
  of,
  names,
  onEnd,
}: {
  readonly of: readonly SessionAnswer[]
  /** Whether it is said whose each is. */
  readonly names: boolean
  readonly onEnd: (session: SessionAnswer) => void
}) {
  const { t } = useTranslation()
  return (
    <Wide least={680} file="sessions">
      <Table verticalSpacing={6}>
        <Table.Thead>
          <Table.Tr>
            {names && <Table.Th>{t('people.who')}</Table.Th>}
            <Table.Th>{t('account.browser')}</Table.Th>
            <Table.Th>{t('account.from')}</Table.Th>
            <Table.Th>{t('account.begun')}</Table.Th>
            <Table.Th>{t('account.seen')}</Table.Th>
            <Table.Th>{t('account.until')}</Table.Th>
            <Table.Th />
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {of.map(each => (
            <Table.Tr key={each.id}>
              {names && <Table.Td>{each.name}</Table.Td>}
              <Table.Td title={each.agent}>
                <Group gap="xs" wrap="nowrap">
                  <Text size="sm">{browserOf(each.agent)}</Text>
                  {each.current && (
                    <Badge variant="light" tt="none" style={{ flexShrink: 0 }}>
                      {t('account.current')}
                    </Badge>
                  )}
                </Group>
              </Table.Td>
              <Table.Td>{each.from}</Table.Td>
              <Table.Td>
                <Time at={each.begunAt} />
              </Table.Td>
              <Table.Td>
                <Time at={each.seenAt} />
              </Table.Td>
              <Table.Td>
                <Time at={each.expiresAt} />
              </Table.Td>
              <Table.Td ta="right">
                <Button
                  size="compact-xs"
                  variant="default"
                  aria-label={`${t('account.end')}: ${each.name}, ${browserOf(each.agent)}`}
                  onClick={() => onEnd(each)}
                >
                  {t('account.end')}
                </Button>
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Wide>
  )
}

/** What a person would call it: each browser also claims to be the ones that stand behind it here. */
const BROWSERS = ['Firefox', 'Edg', 'OPR', 'Chrome', 'Safari'] as const
const SYSTEMS = ['Android', 'iPhone', 'iPad', 'Windows', 'Mac OS X', 'Linux'] as const

export function browserOf(agent: string): string {
  const browser = BROWSERS.find(name => agent.includes(`${name}/`))
  const system = SYSTEMS.find(name => agent.includes(name))
  const called = browser === 'Edg' ? 'Edge' : browser === 'OPR' ? 'Opera' : browser
  return [called ?? agent.split(' ')[0] ?? '', system === 'Mac OS X' ? 'macOS' : system]
    .filter(Boolean)
    .join(' · ')
}
