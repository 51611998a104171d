import type { AlertMessageAnswer } from '@linchpin/api'
import { Stack, Table, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { api } from '../api.ts'
import { Older, usePages } from '../parts/older.tsx'
import { Answered, Empty } from '../parts/states.tsx'
import { Time } from '../parts/time.tsx'
import { Verdict } from '../parts/verdict.tsx'
import { Wide } from '../parts/wide.tsx'

/** What was told, to whom, and whether it got through. */
export function Messages() {
  const { t } = useTranslation()
  const asked = usePages(['alert messages'], api.alertMessages)
  return (
    <Stack>
      <Answered query={asked}>
        {({ pages }) => {
          const messages = pages.flatMap(page => page.messages)
          if (messages.length > 0) return <Rows of={messages} />
          return <Empty title={t('alerts.noMessages')}>{t('alerts.noMessagesWords')}</Empty>
        }}
      </Answered>
      <Older of={asked} />
    </Stack>
  )
}

function Rows({ of }: { readonly of: readonly AlertMessageAnswer[] }) {
  const { t } = useTranslation()
  return (
    <div className="card">
      <Wide least={680} file="alerts-sent">
        <Table verticalSpacing={6}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t('alerts.when')}</Table.Th>
              <Table.Th>{t('alerts.message')}</Table.Th>
              <Table.Th>{t('alerts.recipient')}</Table.Th>
              <Table.Th>{t('alerts.state')}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {of.map(message => (
              <Row key={message.id} of={message} />
            ))}
          </Table.Tbody>
        </Table>
      </Wide>
    </div>
  )
}

function Row({ of }: { readonly of: AlertMessageAnswer }) {
  const { t } = useTranslation()
  return (
    <Table.Tr>
      <Table.Td>
        <Time at={of.madeAt} />
        <Text size="xs" className="quiet wraps">
          {of.rule}
        </Text>
      </Table.Td>
      <Table.Td>{of.rule === null ? t('alerts.isTest') : of.items.map(asItem)}</Table.Td>
      <Table.Td>
        {of.channel.name}
        <Text size="xs" className="quiet wraps">
          {of.recipient}
        </Text>
      </Table.Td>
      <Table.Td>
        <State of={of} />
      </Table.Td>
    </Table.Tr>
  )
}

type ItemAnswer = AlertMessageAnswer['items'][number]

const asItem = (item: ItemAnswer) => (
  <Item key={`${item.event} ${item.flow} ${item.connection} ${item.beganAt} ${item.words}`} of={item} />
)

/** Only an API key is about no connection. */
const toldAs = ({ event, connection }: ItemAnswer) =>
  event === 'expiring' && connection !== null ? 'credential' : event

function Item({ of }: { readonly of: ItemAnswer }) {
  const { t } = useTranslation()
  const about = [of.flow, of.connection].filter(each => each !== null).join(' ')
  return (
    <>
      <Text size="sm">
        <b>{t(`alerts.is.${of.is}`)}:</b> {t(`alerts.toldOf.${toldAs(of)}`)}
        {about && ` · ${about}`}
        {of.count > 1 && ` · ${of.count}`}
      </Text>
      {of.words && (
        <Text size="xs" className="quiet wraps">
          {of.words}
        </Text>
      )}
    </>
  )
}

const COLOURS = { due: 'amber', sent: 'green', 'given up': 'red' } as const

function State({ of: { state, tries, nextAt, problem, settledAt } }: { readonly of: AlertMessageAnswer }) {
  const { t } = useTranslation()
  return (
    <>
      <Verdict is={COLOURS[state]} word={t(`alerts.${state}`)} />
      <Text size="xs" className="quiet wraps">
        {problem} {settledAt !== null && <Time at={settledAt} />}
        {tries > 1 && ` · ${t('alerts.tries', { count: tries })}`}
        {nextAt !== null && tries > 0 && (
          <>
            {` · ${t('alerts.againAt')} `}
            <Time at={nextAt} />
          </>
        )}
      </Text>
    </>
  )
}
