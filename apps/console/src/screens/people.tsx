import type { PersonAnswer, Right, Role, SessionAnswer } from '@linchpin/api'
import { rightNames, rightsOf, roleNames } from '@linchpin/api/rights'
import { Badge, Button, Group, List, NativeSelect, Stack, Table, Text, Title } from '@mantine/core'
import { IconCheck, IconUserPlus } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api, useAsked } from '../api.ts'
import { useMe } from '../me.ts'
import * as commands from '../parts/commands.ts'
import { EndSession } from '../parts/end-session.tsx'
import { SessionRows } from '../parts/session-rows.tsx'
import { ShownOnce } from '../parts/shown-once.tsx'
import { Answered, PageTitle } from '../parts/states.tsx'
import { Sure } from '../parts/sure.tsx'
import { Time } from '../parts/time.tsx'
import { Wide } from '../parts/wide.tsx'
import { Invite, type MadeLink } from './invite.tsx'

/** Who may come in, as what, and who is in now. */
export function People() {
  const { t } = useTranslation()
  const [inviting, invite] = useState(false)
  const [link, show] = useState<MadeLink | null>(null)
  const asked = useAsked(['people'], () => api.people({}))
  return (
    <>
      <PageTitle title={t('nav.people')}>
        <Button size="xs" leftSection={<IconUserPlus size={14} aria-hidden />} onClick={() => invite(true)}>
          {t('people.invite')}
        </Button>
      </PageTitle>
      <Stack>
        <Answered query={asked}>{({ people }) => <Rows of={people} onLink={show} />}</Answered>
        <Sessions />
        <Roles />
      </Stack>
      {inviting && (
        <Invite
          onClose={() => invite(false)}
          onMade={made => {
            invite(false)
            show(made)
          }}
        />
      )}
      {link && <Link of={link} onClose={() => show(null)} />}
    </>
  )
}

function Link({
  of: { name, link, expiresAt },
  onClose,
}: {
  readonly of: MadeLink
  readonly onClose: () => void
}) {
  const { t, i18n } = useTranslation()
  const until = new Date(expiresAt).toLocaleString(i18n.language, { dateStyle: 'medium', timeStyle: 'short' })
  return (
    <ShownOnce
      title={t('people.linkTitle', { name })}
      words={t('people.linkWords', { until })}
      secret={link}
      onClose={onClose}
    />
  )
}

type OnLink = (made: MadeLink) => void

function Rows({ of, onLink }: { readonly of: readonly PersonAnswer[]; readonly onLink: OnLink }) {
  const { t } = useTranslation()
  return (
    <section className="card">
      <Wide least={720} file="people">
        <Table verticalSpacing={6}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t('people.who')}</Table.Th>
              <Table.Th>{t('people.role')}</Table.Th>
              <Table.Th>{t('people.signsIn')}</Table.Th>
              <Table.Th>{t('people.seen')}</Table.Th>
              <Table.Th />
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {of.map(each => (
              <Row key={each.id} of={each} onLink={onLink} />
            ))}
          </Table.Tbody>
        </Table>
      </Wide>
    </section>
  )
}

function Row({ of, onLink }: { readonly of: PersonAnswer; readonly onLink: OnLink }) {
  const { t } = useTranslation()
  const mine = useMe().data?.email === of.email
  return (
    <Table.Tr>
      <Table.Td>
        <Group gap="xs">
          <Text size="sm" fw={600}>
            {of.name}
          </Text>
          {mine && (
            <Badge variant="light" tt="none">
              {t('people.you')}
            </Badge>
          )}
          {!of.active && (
            <Badge variant="light" color="red" tt="none">
              {t('people.out')}
            </Badge>
          )}
        </Group>
        <Text size="xs" className="quiet">
          {of.email}
        </Text>
      </Table.Td>
      <Table.Td>
        <RoleOf person={of} />
      </Table.Td>
      <Table.Td>{t(`people.way.${of.signsIn}`)}</Table.Td>
      <Table.Td>
        <Time at={of.seenAt} />
      </Table.Td>
      <Table.Td>
        <Actions of={of} mine={mine} onLink={onLink} />
      </Table.Td>
    </Table.Tr>
  )
}

function RoleOf({ person }: { readonly person: PersonAnswer }) {
  const { t } = useTranslation()
  const { id, name, role } = person
  const [wanted, want] = useState<Role | null>(null)
  return (
    <>
      <NativeSelect
        size="xs"
        w={150}
        aria-label={`${t('people.role')}: ${name}`}
        value={wanted ?? role}
        data={roleNames.map(value => ({ value, label: t(`role.${value}`) }))}
        onChange={event => want(event.currentTarget.value as Role)}
      />
      {wanted && (
        <Sure
          title={t('people.roleTitle', { name, role: t(`role.${wanted}`) })}
          words={t('people.roleWords')}
          go={t('people.roleGo')}
          act={() => api.changePerson({ id, role: wanted })}
          done={() => t('people.roleDone', { name })}
          command={commands.changeRole(person, wanted)}
          onClose={() => want(null)}
        >
          <List size="sm">
            {rightsOf[wanted].map(right => (
              <List.Item key={right}>{t(`right.${right}`)}</List.Item>
            ))}
          </List>
        </Sure>
      )}
    </>
  )
}

type Doing = 'link' | 'end' | 'turn'

function Actions({
  of,
  mine,
  onLink,
}: {
  readonly of: PersonAnswer
  readonly mine: boolean
  readonly onLink: OnLink
}) {
  const { t } = useTranslation()
  const [doing, begin] = useState<Doing | null>(null)
  const { name, active, signsIn } = of
  const button = (what: Doing, words: string) => (
    <Button size="compact-xs" variant="default" aria-label={`${words}: ${name}`} onClick={() => begin(what)}>
      {words}
    </Button>
  )
  return (
    <>
      <Group gap={4} justify="end" wrap="nowrap">
        {active && signsIn !== 'openid' && button('link', t('people.link'))}
        {button('end', t('people.endAll'))}
        {!mine && button('turn', t(active ? 'people.shutOut' : 'people.letIn'))}
      </Group>
      {doing && <Doubt of={of} about={doing} onLink={onLink} onClose={() => begin(null)} />}
    </>
  )
}

/** What each of them means for somebody, before it is done. */
function Doubt({
  of,
  about,
  onLink,
  onClose,
}: {
  readonly of: PersonAnswer
  readonly about: Doing
  readonly onLink: OnLink
  readonly onClose: () => void
}) {
  const { t } = useTranslation()
  const { id, name, active } = of
  if (about === 'link')
    return (
      <Sure
        title={t('people.linkFor', { name })}
        words={t('people.linkForWords')}
        go={t('people.make')}
        act={() => api.invitePerson({ id })}
        done={made => {
          onLink({ name, ...made })
          return t('people.linkMade')
        }}
        command={commands.invitePerson(of)}
        onClose={onClose}
      />
    )
  if (about === 'end')
    return (
      <Sure
        title={t('people.endAllTitle', { name })}
        words={t('people.endAllWords')}
        go={t('people.endAll')}
        grave
        act={() => api.endSessionsOf({ id })}
        done={({ count }) => t('people.endAllDone', { count })}
        command={commands.endSessionsOf(of)}
        onClose={onClose}
      />
    )
  return (
    <Sure
      title={t(active ? 'people.shutOutTitle' : 'people.letInTitle', { name })}
      words={t(active ? 'people.shutOutWords' : 'people.letInWords')}
      go={t(active ? 'people.shutOut' : 'people.letIn')}
      grave={active}
      act={() => api.changePerson({ id, active: !active })}
      done={() => t(active ? 'people.shutOutDone' : 'people.letInDone', { name })}
      command={commands.letIn(of, !active)}
      onClose={onClose}
    />
  )
}

function Sessions() {
  const { t } = useTranslation()
  const asked = useAsked(['sessions'], () => api.sessions({}))
  const [ending, end] = useState<SessionAnswer | null>(null)
  return (
    <section className="card">
      <Title order={2} size="h5" mb="xs">
        {t('people.sessions')}
      </Title>
      <Answered query={asked}>
        {({ sessions }) =>
          sessions.length === 0 ? (
            <Text size="sm">{t('people.nobody')}</Text>
          ) : (
            <SessionRows of={sessions} names onEnd={end} />
          )
        }
      </Answered>
      {ending && (
        <EndSession of={ending} end={() => api.endSession({ id: ending.id })} onClose={() => end(null)} />
      )}
    </section>
  )
}

/** Rights down, roles across: what one may and another may not is seen at a glance. */
function Roles() {
  const { t } = useTranslation()
  return (
    <section className="card">
      <Title order={2} size="h5" mb="xs">
        {t('people.roles')}
      </Title>
      <Wide least={680} className="matrix">
        <Table verticalSpacing={6}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th />
              {roleNames.map(role => (
                <Table.Th key={role} ta="center">
                  {t(`role.${role}`)}
                </Table.Th>
              ))}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {rightNames.map(right => (
              <Table.Tr key={right}>
                <Table.Td>{t(`right.${right}`)}</Table.Td>
                {roleNames.map(role => (
                  <Table.Td key={role} ta="center">
                    {holds(role, right) ? (
                      <IconCheck size={16} role="img" aria-label={t('connections.yes')} />
                    ) : (
                      '–'
                    )}
                  </Table.Td>
                ))}
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Wide>
    </section>
  )
}

const holds = (role: Role, right: Right) => rightsOf[role].some(each => each === right)
