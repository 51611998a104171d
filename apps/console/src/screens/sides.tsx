import type { CarriedAnswer, SidesAnswer } from '@linchpin/api'
import { Badge, Group, Stack, Switch, Table, Text, Title } from '@mantine/core'
import {
  IconEqual,
  IconEqualNot,
  IconEyeOff,
  IconQuestionMark,
  IconRefresh,
  IconScale,
} from '@tabler/icons-react'
import { useParams } from '@tanstack/react-router'
import { useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { api, useAsked, useDo } from '../api.ts'
import { shown } from '../mapping/tree.ts'
import { compareFlow } from '../parts/compare-flow.ts'
import * as commands from '../parts/commands.ts'
import { CopyAs } from '../parts/copy-as.tsx'
import { MayButton } from '../parts/may-button.tsx'
import { RecordLink } from '../parts/record-link.tsx'
import { shownId } from '../parts/shown-id.ts'
import { Answered, PageTitle } from '../parts/states.tsx'
import { Time } from '../parts/time.tsx'
import { Wide } from '../parts/wide.tsx'
import { Ignore, IgnoredSince } from './ignore.tsx'
import { Pushes } from './push.tsx'

/** A record and its counterpart: which side wins each field, why, and what can be done about it. */
export function Sides() {
  const { flow, id } = useParams({ strict: false }) as { flow: string; id: string }
  return <SidesOf key={`${flow} ${id}`} flow={flow} id={id} />
}

function SidesOf({ flow, id }: { readonly flow: string; readonly id: string }) {
  const { t } = useTranslation()
  const asked = useAsked(['sides', flow, id], () => api.sides({ flow, id }))
  const [read, keep] = useState<SidesAnswer | null>(null)
  const look = useDo(() => api.readSides({ flow, id }))
  const compare = useDo(
    () => compareFlow(flow),
    ({ read: count }) => t('compare.compared', { read: count }),
  )
  return (
    <Answered query={asked}>
      {known => (
        // What is left out and what is under way is as it was just told; the values are as they were just read.
        <Both of={read === null ? known : newest(read, known)} onDone={() => keep(null)}>
          <MayButton
            right="operate"
            size="xs"
            loading={look.isPending}
            leftSection={<IconRefresh size={14} aria-hidden />}
            onClick={() => look.mutate(undefined, { onSuccess: keep })}
          >
            {t('compare.readBoth')}
          </MayButton>
          <MayButton
            right="operate"
            size="xs"
            variant="default"
            loading={compare.isPending}
            leftSection={<IconScale size={14} aria-hidden />}
            onClick={() => compare.mutate(undefined, { onSuccess: () => keep(null) })}
          >
            {t('compare.now')}
          </MayButton>
        </Both>
      )}
    </Answered>
  )
}

function newest(read: SidesAnswer, known: SidesAnswer): SidesAnswer {
  const ignored = new Map(known.carried.map(each => [each.field, each.ignored]))
  const carried = read.carried.map(each => ({ ...each, ignored: ignored.get(each.field) ?? null }))
  return { ...read, carried, pushes: known.pushes.map(each => ({ ...each, askedAt: null })) }
}

function Both({
  of,
  onDone,
  children,
}: {
  readonly of: SidesAnswer
  readonly onDone: () => void
  readonly children: ReactNode
}) {
  const { t } = useTranslation()
  const [all, setAll] = useState(false)
  return (
    <>
      <PageTitle title={`${t(`entity.${of.left.entity}`)} ${of.left.label}`}>
        <Group gap="xs">
          <Switch
            size="sm"
            label={t('compare.all')}
            checked={all}
            onChange={event => setAll(event.currentTarget.checked)}
          />
          {children}
        </Group>
      </PageTitle>
      <Stack>
        <Carried of={of} all={all} />
        <Pushes of={of} onDone={onDone} />
        {of.right !== null && of.rightReadAt !== null && <AllValues of={of} all={all} />}
      </Stack>
    </>
  )
}

/** A GTIN and an amount stay in one piece. */
const VALUE = 136

function Heads({ of, rightAt }: { readonly of: SidesAnswer; readonly rightAt: string | null }) {
  const { t } = useTranslation()
  return (
    <>
      <Table.Th>{t('mapping.field')}</Table.Th>
      <Table.Th miw={VALUE}>
        <RecordLink of={of.left}>{`${of.left.connection} ${shownId(of.left.id)}`}</RecordLink>{' '}
        <Time at={of.leftReadAt} />
      </Table.Th>
      <Table.Th miw={VALUE}>
        {of.right === null ? (
          t('compare.notThere')
        ) : (
          <>
            <RecordLink of={of.right}>{`${of.right.connection} ${shownId(of.right.id)}`}</RecordLink>{' '}
            {rightAt !== null && <Time at={rightAt} />}
          </>
        )}
      </Table.Th>
    </>
  )
}

/** What the flow carries, in the target's words. */
function Carried({ of, all }: { readonly of: SidesAnswer; readonly all: boolean }) {
  const { t } = useTranslation()
  const rows = of.carried.filter(each => all || each.same === false)
  const unknown = of.carried.some(({ same, because }) => same === null && because !== 'not told')
  const isDocument = of.carried.some(({ made }) => made === null)
  const to = of.pushes.at(-1)?.to ?? ''
  return (
    <section className="card">
      <Group justify="space-between">
        <Title order={2} size="h5">
          {t('compare.carried', { flow: of.flow })}
        </Title>
        <CopyAs {...commands.readSides(of.flow, of.left.id)} />
      </Group>
      <Text size="sm" className="quiet" mb="xs">
        {unknown
          ? t('compare.unread', { to })
          : isDocument
            ? t('compare.documentWords')
            : t('compare.carriedWords', { to })}
      </Text>
      <Asked of={of} />
      {rows.length === 0 ? (
        <Text size="sm">{t(unknown ? 'compare.noneKnown' : 'compare.alike')}</Text>
      ) : (
        <Wide least={860} file="both-sides">
          <Table verticalSpacing={4}>
            <Table.Thead>
              <Table.Tr>
                <Heads of={of} rightAt={of.comparedAt ?? of.rightReadAt} />
                <Table.Th>{t('compare.wins')}</Table.Th>
                <Table.Th>{t('compare.whenItDiffers')}</Table.Th>
                <Table.Th>{t('mapping.do')}</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {rows.map(each => (
                <CarriedRow key={each.field} of={each} flow={of.flow} id={of.left.id} />
              ))}
            </Table.Tbody>
          </Table>
        </Wide>
      )}
    </section>
  )
}

/** What was asked for after both were compared: the difference is told as it was before. */
function Asked({ of: { pushes } }: { readonly of: SidesAnswer }) {
  const { t } = useTranslation()
  return pushes
    .filter(({ askedAt }) => askedAt !== null)
    .map(({ to, askedAt }) => (
      <Text key={to} size="sm" mb="xs">
        {t('push.asked', { to })} <Time at={askedAt} />
        {t('push.askedThen')}
      </Text>
    ))
}

function CarriedRow({
  of,
  flow,
  id,
}: {
  readonly of: CarriedAnswer
  readonly flow: string
  readonly id: string
}) {
  const { t } = useTranslation()
  const isKnown = of.same !== null
  const isCompared = of.because !== 'not told' && of.because !== 'never changed'
  return (
    <Table.Tr>
      <Table.Td>
        <Group gap={4} wrap="nowrap">
          <Sameness of={of} />
          <code>{of.field}</code>
        </Group>
      </Table.Td>
      <Table.Td className="wraps">{shown(of.left)}</Table.Td>
      <Table.Td className="wraps">{isKnown ? shown(of.right) : '–'}</Table.Td>
      <Table.Td>
        {of.wins !== null && (
          <Badge variant="default" tt="none" mr={6}>
            {of.wins}
          </Badge>
        )}
        <Text span size="sm" className="wraps">
          {t(`compare.because.${of.because}`, { flow, made: of.made ?? '' })}
        </Text>
      </Table.Td>
      {of.ignored === null ? (
        <>
          <Table.Td className="wraps">{isCompared ? t(`compare.heals.${of.heal}`) : '–'}</Table.Td>
          <Table.Td>
            {isCompared && of.heal !== 'ignore' && <Ignore flow={flow} field={of.field} id={id} />}
          </Table.Td>
        </>
      ) : (
        <Table.Td colSpan={2}>
          <IgnoredSince of={of.ignored} flow={flow} field={of.field} />
        </Table.Td>
      )}
    </Table.Tr>
  )
}

function Sameness({ of: { same, ignored } }: { readonly of: CarriedAnswer }) {
  const { t } = useTranslation()
  if (ignored !== null) return <IconEyeOff size={14} aria-label={t('ignore.is')} />
  if (same === null) return <IconQuestionMark size={14} aria-label={t('compare.notRead')} />
  return same ? (
    <IconEqual size={14} aria-label={t('compare.same')} />
  ) : (
    <IconEqualNot size={14} aria-label={t('compare.is.different')} />
  )
}

/** Every value that either of them has, in our words. */
function AllValues({ of, all }: { readonly of: SidesAnswer; readonly all: boolean }) {
  const { t } = useTranslation()
  const rows = of.fields.filter(({ same }) => all || !same)
  return (
    <section className="card">
      <Title order={2} size="h5">
        {t('compare.values')}
      </Title>
      <Text size="sm" className="quiet" mb="xs">
        {t('compare.sidesWords', { flow: of.flow })}
      </Text>
      {rows.length === 0 ? (
        <Text size="sm">{t('compare.alike')}</Text>
      ) : (
        <Wide least={560} file="all-values">
          <Table verticalSpacing={4}>
            <Table.Thead>
              <Table.Tr>
                <Heads of={of} rightAt={of.rightReadAt} />
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {rows.map(({ field, left, right, same }) => (
                <Table.Tr key={field}>
                  <Table.Td>
                    <Group gap={4} wrap="nowrap">
                      {!same && <IconEqualNot size={14} aria-label={t('compare.is.different')} />}
                      <code>{field}</code>
                    </Group>
                  </Table.Td>
                  <Table.Td className="wraps">{shown(left)}</Table.Td>
                  <Table.Td className="wraps">{shown(right)}</Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Wide>
      )}
    </section>
  )
}
