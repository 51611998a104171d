import type { PushAnswer, PushedAnswer, SidesAnswer } from '@linchpin/api'
import { Badge, Button, Group, List, Modal, Stack, Table, Text, Title } from '@mantine/core'
import { IconArrowLeft, IconArrowRight } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { api, useDo } from '../api.ts'
import { shown } from '../mapping/tree.ts'
import * as commands from '../parts/commands.ts'
import { CopyAs } from '../parts/copy-as.tsx'
import { MayButton } from '../parts/may-button.tsx'
import { Wide } from '../parts/wide.tsx'

interface Which {
  readonly flow: string
  readonly id: string
  readonly to: string
}

/** Either side may be written over the other: never without being shown first what would change. */
export function Pushes({ of, onDone }: { readonly of: SidesAnswer; readonly onDone: () => void }) {
  const { t } = useTranslation()
  const dry = useDo((to: string) => api.push({ flow: of.flow, id: of.left.id, to, dryRun: true }))
  const left = of.left.connection
  const names = of.pushes.map(each => each.to)
  const other = (name: string) => names.find(each => each !== name) ?? ''
  const shut = of.pushes.filter(({ not }) => not !== null)
  return (
    <section className="card">
      <Title order={2} size="h5" mb="xs">
        {t('push.title')}
      </Title>
      <Group gap="xs" mb={shut.length > 0 && shut.length < of.pushes.length ? 'xs' : 0}>
        {of.pushes
          .filter(({ not }) => not === null)
          .map(each => (
            <MayButton
              key={each.to}
              right="operate"
              size="xs"
              variant="default"
              {...(each.to === left
                ? { leftSection: <IconArrowLeft size={14} aria-hidden /> }
                : { rightSection: <IconArrowRight size={14} aria-hidden /> })}
              loading={dry.isPending && dry.variables === each.to}
              onClick={() => dry.mutate(each.to)}
            >
              {t('push.do', { from: other(each.to), to: each.to })}
            </MayButton>
          ))}
      </Group>
      {shut.length > 0 && (
        <List size="sm" className="quiet">
          {shut.map(each => (
            <List.Item key={each.to}>
              <WhyNot of={each} from={other(each.to)} />
            </List.Item>
          ))}
        </List>
      )}
      {dry.data !== undefined && (
        <DryRun
          of={{ flow: of.flow, id: of.left.id, to: dry.data.to }}
          dry={dry.data}
          ignored={new Set(of.carried.filter(({ ignored }) => ignored !== null).map(({ field }) => field))}
          onClose={dry.reset}
          onDone={() => {
            dry.reset()
            onDone()
          }}
        />
      )}
    </section>
  )
}

function WhyNot({ of: { to, flow, not }, from }: { readonly of: PushAnswer; readonly from: string }) {
  const { t } = useTranslation()
  const facts = { to, from, flow: flow ?? '' }
  return (
    <>
      {t('push.not', facts)} {not !== null && t(`push.because.${not}`, facts)}
    </>
  )
}

function DryRun({
  of,
  dry,
  ignored,
  onClose,
  onDone,
}: {
  readonly of: Which
  readonly dry: PushedAnswer
  readonly ignored: ReadonlySet<string>
  readonly onClose: () => void
  readonly onDone: () => void
}) {
  const { t } = useTranslation()
  const proof = dry.step?.proof ?? null
  const push = useDo(
    () => api.push({ ...of, ...(proof === null ? {} : { proof }) }),
    ({ flow, owed }) => t(owed ? 'push.done' : 'push.linked', { flow }),
  )
  return (
    <Modal
      opened
      size="xl"
      onClose={onClose}
      title={t('push.dry', { to: of.to })}
      closeButtonProps={{ 'aria-label': t('keys.close') }}
    >
      <Stack>
        <Shown of={dry} ignored={ignored} />
        {proof !== null && <CopyAs {...commands.push(of, proof)} />}
        <Group justify="end">
          <Button data-autofocus variant="default" onClick={onClose}>
            {t('actions.cancel')}
          </Button>
          <Button
            disabled={proof === null}
            loading={push.isPending}
            onClick={() => push.mutate(undefined, { onSuccess: onDone })}
          >
            {t('push.go', { to: of.to })}
          </Button>
        </Group>
      </Stack>
    </Modal>
  )
}

/** What would change there, field by field. */
function Shown({
  of: { step, flow },
  ignored,
}: {
  readonly of: PushedAnswer
  readonly ignored: ReadonlySet<string>
}) {
  const { t } = useTranslation()
  if (step === null) return <Text size="sm">{t('push.gone')}</Text>
  const some = step.fields.some(({ field }) => ignored.has(field))
  return (
    <>
      <Text size="sm">
        {t('push.by', { flow })}{' '}
        <Badge variant="default" tt="none">
          {t(`plan.would.${step.would}`)}
        </Badge>
      </Text>
      {step.fields.length === 0 ? (
        <Text size="sm" className="wraps">
          {step.words}
        </Text>
      ) : (
        <Wide least={480}>
          <Table verticalSpacing={4}>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>{t('mapping.field')}</Table.Th>
                <Table.Th>{t('plan.there')}</Table.Th>
                <Table.Th>{t('plan.then')}</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {step.fields.map(({ field, ours, theirs }) => (
                <Table.Tr key={field}>
                  <Table.Td>
                    <code>{field}</code>
                  </Table.Td>
                  <Table.Td className="wraps">{shown(theirs)}</Table.Td>
                  <Table.Td className="wraps">{shown(ours)}</Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Wide>
      )}
      {some && <Text size="sm">{t('push.ignored')}</Text>}
    </>
  )
}
