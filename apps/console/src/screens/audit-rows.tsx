import type { AuditAnswer } from '@linchpin/api'
import { Button, Table, Text, Title } from '@mantine/core'
import { Fragment, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { changesOf } from '../parts/changes.ts'
import { useWho } from '../parts/named.ts'
import { Time } from '../parts/time.tsx'
import { Verdict } from '../parts/verdict.tsx'
import { Wide } from '../parts/wide.tsx'
import { Data } from './record.tsx'

/** What a route does, in the reader's words. */
export function useDid(): (what: string) => string {
  const { t } = useTranslation()
  return what => t(`did.${what}` as 'did.retry', { defaultValue: what })
}

export function AuditRows({ of }: { readonly of: readonly AuditAnswer[] }) {
  const { t } = useTranslation()
  const [open, show] = useState<number | null>(null)
  return (
    <section className="card">
      <Wide least={680}>
        <Table verticalSpacing={6}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t('audit.when')}</Table.Th>
              <Table.Th>{t('audit.who')}</Table.Th>
              <Table.Th>{t('audit.what')}</Table.Th>
              <Table.Th>{t('audit.outcome')}</Table.Th>
              <Table.Th />
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {of.map(each => (
              <Fragment key={each.seq}>
                <Row
                  of={each}
                  open={open === each.seq}
                  onTurn={() => show(open === each.seq ? null : each.seq)}
                />
                {open === each.seq && (
                  <Table.Tr>
                    <Table.Td colSpan={5}>
                      <Detail of={each} />
                    </Table.Td>
                  </Table.Tr>
                )}
              </Fragment>
            ))}
          </Table.Tbody>
        </Table>
      </Wide>
    </section>
  )
}

function Row({
  of,
  open,
  onTurn,
}: {
  readonly of: AuditAnswer
  readonly open: boolean
  readonly onTurn: () => void
}) {
  const { t } = useTranslation()
  const did = useDid()
  const whoIs = useWho()
  const subject = subjectOf(of)
  return (
    <Table.Tr>
      <Table.Td>
        <Time at={of.at} />
      </Table.Td>
      <Table.Td>
        <Text size="sm" fw={600}>
          {whoIs(of.who)}
        </Text>
        <Text size="xs" className="quiet">
          {t(`audit.how.${of.how}` as 'audit.how.person', { defaultValue: of.how })} · {of.from}
        </Text>
      </Table.Td>
      <Table.Td>
        <Text size="sm">{did(of.what)}</Text>
        {subject !== '' && (
          <Text size="xs" className="quiet wraps">
            {subject}
          </Text>
        )}
      </Table.Td>
      <Table.Td>
        <Outcome of={of} />
      </Table.Td>
      <Table.Td ta="right">
        <Button size="compact-xs" variant="subtle" onClick={onTurn} aria-expanded={open}>
          {t('webhooks.show')}
        </Button>
      </Table.Td>
    </Table.Tr>
  )
}

function Outcome({ of: { outcome } }: { readonly of: AuditAnswer }) {
  const { t } = useTranslation()
  if (outcome === 'done') return <Verdict is="green" word={t('audit.done')} />
  return <Verdict is={outcome === null ? 'amber' : 'red'} word={outcome ?? t('audit.open')} />
}

/** What it is about, in one line: a name, a flow, a record. */
function subjectOf({ input, before, after }: AuditAnswer): string {
  const told = { ...(before as object), ...(after as object), ...(input as object) } as Record<
    string,
    unknown
  >
  const names = ['name', 'flow', 'who', 'email', 'connection', 'entity', 'role', 'reason', 'words']
  return names
    .flatMap(name => (typeof told[name] === 'string' && told[name] !== '' ? [told[name]] : []))
    .join(' · ')
    .slice(0, 160)
}

function Detail({ of }: { readonly of: AuditAnswer }) {
  const { t } = useTranslation()
  const changes = changesOf(of.before, of.after)
  return (
    <>
      {changes.length === 0 ? (
        <Text size="sm">{t('audit.same')}</Text>
      ) : (
        <Table verticalSpacing={4} withTableBorder>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t('audit.field')}</Table.Th>
              <Table.Th>{t('audit.before')}</Table.Th>
              <Table.Th>{t('audit.after')}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {changes.map(({ field, before, after }) => (
              <Table.Tr key={field}>
                <Table.Td>{field}</Table.Td>
                <Table.Td className="wraps">{before || '–'}</Table.Td>
                <Table.Td className="wraps">{after || '–'}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      )}
      <Title order={2} size="h6" mt="sm" mb={4}>
        {t('audit.asked')}
      </Title>
      <Data of={of.input} />
    </>
  )
}
