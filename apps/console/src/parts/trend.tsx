import type { TrendAnswer } from '@linchpin/api'
import { Group, Table, Text, Title } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { relative, Time } from './time.tsx'
import { lineOf, thenOf, wrongAt, type Box } from './trend-points.ts'
import classes from './trend.module.css'
import { Wide } from './wide.tsx'

const SPARK: Box = { width: 96, height: 24 }
const CHART: Box = { width: 600, height: 96 }

/** "12 now, 40 a week ago", with the line between them. */
export function Spark({ of }: { readonly of: TrendAnswer }) {
  if (of.length < 2) return <>–</>
  return (
    <Group gap="xs" wrap="nowrap">
      <Line of={of} box={SPARK} className={classes['spark'] ?? ''} />
      <Text size="xs" className="quiet">
        <Words of={of} />
      </Text>
    </Group>
  )
}

function Words({ of }: { readonly of: TrendAnswer }) {
  const { t, i18n } = useTranslation()
  const then = thenOf(of, Date.now())
  const last = of.at(-1)
  if (then === null || last === undefined) return null
  const when = relative(Date.parse(then.at) - Date.now(), i18n.language)
  return t('trend.words', { now: wrongAt(last), then: wrongAt(then), when })
}

/** What the line shows stands beside it in words: to whoever does not see it, it says nothing. */
function Line({
  of,
  box,
  className,
}: {
  readonly of: TrendAnswer
  readonly box: Box
  readonly className: string
}) {
  const { width, height } = box
  return (
    <svg className={className} viewBox={`0 0 ${width} ${height}`} preserveAspectRatio="none" aria-hidden>
      <line className={classes['ground']} x1={0} x2={width} y1={height} y2={height} />
      <path className={classes['line']} d={lineOf(of, box)} />
    </svg>
  )
}

/** How many differed in the course of time: as a line, in a sentence, and in numbers. */
export function Trend({ of }: { readonly of: TrendAnswer }) {
  const { t } = useTranslation()
  const [first, last] = [of[0], of.at(-1)]
  if (of.length < 2 || first === undefined || last === undefined) return null
  return (
    <section className="card">
      <Group justify="space-between" mb="xs">
        <Title order={2} size="h5">
          {t('trend.title')}
        </Title>
        <Text size="sm">
          <Words of={of} />
        </Text>
      </Group>
      <div className={classes['plot']}>
        <div className={classes['scale']} aria-hidden>
          <span>{Math.max(1, ...of.map(wrongAt))}</span>
          <span>0</span>
        </div>
        <Line of={of} box={CHART} className={classes['chart'] ?? ''} />
        <div className={classes['times']}>
          <Time at={first.at} />
          <Time at={last.at} />
        </div>
      </div>
      <details>
        <summary>
          <Text span size="sm">
            {t('trend.numbers')}
          </Text>
        </summary>
        <Numbers of={of} />
      </details>
    </section>
  )
}

function Numbers({ of }: { readonly of: TrendAnswer }) {
  const { t } = useTranslation()
  return (
    <Wide least={420} most={360} file="trend">
      <Table verticalSpacing={4} stickyHeader>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t('compare.at')}</Table.Th>
            <Table.Th ta="right">{t('compare.same')}</Table.Th>
            <Table.Th>{t('compare.differences')}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {of.toReversed().map(({ at, same, kinds }) => (
            <Table.Tr key={at}>
              <Table.Td>
                <Time at={at} exact />
              </Table.Td>
              <Table.Td ta="right">{same}</Table.Td>
              <Table.Td>
                {wordsOf(kinds, kind => t(`compare.is.${kind}` as 'compare.is.missing')) || '0'}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Wide>
  )
}

const wordsOf = (kinds: Readonly<Record<string, number>>, name: (kind: string) => string) =>
  Object.entries(kinds)
    .map(([kind, count]) => `${count} ${name(kind)}`)
    .join(', ')
