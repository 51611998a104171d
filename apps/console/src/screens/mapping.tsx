import type { MappingDetail } from '@linchpin/api'
import { Badge, Button, Group, NativeSelect, Tabs, Text } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api, useAsked } from '../api.ts'
import { useDraft, type Own } from '../mapping/draft.ts'
import classes from '../mapping/mapping.module.css'
import { RetryMended } from '../mapping/retry-mended.tsx'
import { Review } from '../mapping/review.tsx'
import { Rows } from '../mapping/rows.tsx'
import { SourceTree } from '../mapping/source-tree.tsx'
import { Tables } from '../mapping/tables.tsx'
import { TargetTree } from '../mapping/target-tree.tsx'
import { Versions } from '../mapping/versions.tsx'
import { Answered, PageTitle } from '../parts/states.tsx'

const TYPING_MS = 250

/** One mapping: its rows with a live preview on a real record, its tables, its versions. */
export function Mapping() {
  const { name } = useParams({ strict: false }) as { name: string }
  const asked = useAsked(['mapping', name], () => api.mapping({ name }))
  // Another version is another beginning: a draft over the last one would hide it.
  return (
    <Answered query={asked}>
      {data => (
        <>
          <RetryMended of={data} />
          <Editor key={`${name} ${data.live.version} ${data.live.at ?? ''}`} of={data} />
        </>
      )}
    </Answered>
  )
}

type Reviewed = { readonly mapping: Own; readonly version: number | null }

function Editor({ of }: { readonly of: MappingDetail }) {
  const { t } = useTranslation()
  const draft = useDraft(of.mapping)
  const [tab, setTab] = useState<string | null>('rows')
  const [open, setOpen] = useState<string | null>(null)
  const [id, setId] = useState('')
  const [reviewed, review] = useState<Reviewed | null>(null)
  const [tried] = useDebouncedValue(draft.own, TYPING_MS)
  const records = useAsked(['mapping-records', of.name], () => api.mappingRecords({ name: of.name }))
  const seen = useAsked(['mapping-values', of.name], () => api.seenValues({ name: of.name }))
  const preview = useQuery({
    queryKey: ['preview', of.name, id, tried],
    queryFn: () => api.previewMapping({ name: of.name, mapping: tried, ...(id === '' ? {} : { id }) }),
    placeholderData: keepPreviousData,
    refetchInterval: false,
  })
  const wrong = (preview.data?.faults.length ?? 0) + (preview.data?.problems.length ?? 0)
  const lacking = (seen.data?.tables ?? []).flatMap(({ values }) => values.filter(({ has }) => !has)).length
  return (
    <>
      <PageTitle title={of.name}>
        <Group gap="xs">
          <Badge variant="default" tt="none">
            {of.live.version === 0
              ? t('mapping.configuration')
              : t('mapping.liveVersion', { version: of.live.version })}
          </Badge>
          {draft.changed && (
            <Button size="xs" variant="default" onClick={() => draft.begin(of.mapping)}>
              {t('mapping.discard')}
            </Button>
          )}
          <Button
            size="xs"
            disabled={!draft.changed}
            onClick={() => review({ mapping: draft.own, version: null })}
          >
            {t('mapping.review')}
          </Button>
        </Group>
      </PageTitle>
      <Text size="sm" className="quiet" mb="sm">
        {t(`mapping.${of.does}s`, { what: t(`many.${of.entity}`), from: of.from, to: of.to })}
      </Text>
      <Tabs value={tab} onChange={setTab} keepMounted={false}>
        <Tabs.List mb="md">
          <Tabs.Tab value="rows">{t('mapping.rows')}</Tabs.Tab>
          <Tabs.Tab value="tables">
            {t('mapping.tables')}{' '}
            {lacking > 0 && (
              <Badge size="sm" color="red">
                {lacking}
              </Badge>
            )}
          </Tabs.Tab>
          <Tabs.Tab value="versions">{t('mapping.versions')}</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="rows">
          <Group mb="md" gap="sm" align="end">
            <NativeSelect
              size="xs"
              label={t('mapping.record')}
              value={id}
              data={[
                { value: '', label: t('mapping.anyRecord') },
                ...(records.data?.records ?? []).map(each => ({
                  value: each.id,
                  label: `${each.label ?? each.id}${each.parked ? ` · ${t('nav.parked')}` : ''}`,
                })),
              ]}
              onChange={event => setId(event.currentTarget.value)}
            />
            <Text size="sm" role="status" className={wrong > 0 ? (classes['bad'] ?? '') : 'quiet'}>
              {preview.data?.record === null
                ? t('mapping.noRecord')
                : wrong > 0
                  ? t('mapping.wrong', { count: wrong })
                  : t('mapping.right')}
            </Text>
          </Group>
          {preview.data?.problems.map(words => (
            <Text key={words} size="sm" className={`wraps ${classes['bad']}`} mb="xs">
              {words}
            </Text>
          ))}
          <div className={classes['columns']}>
            <SourceTree
              source={preview.data?.source}
              onTake={open === null ? null : path => draft.setField(open, path)}
            />
            <Rows of={of} draft={draft} preview={preview.data} open={open} onOpen={setOpen} />
            <TargetTree places={of.target} preview={preview.data} onOpen={setOpen} />
          </div>
        </Tabs.Panel>
        <Tabs.Panel value="tables">
          <Answered query={seen}>{data => <Tables of={of} seen={data} draft={draft} />}</Answered>
        </Tabs.Panel>
        <Tabs.Panel value="versions">
          <Versions
            of={of}
            onRollBack={(version, mapping) => review({ mapping, version })}
            onEdit={mapping => {
              draft.begin(mapping)
              setTab('rows')
            }}
          />
        </Tabs.Panel>
      </Tabs>
      {reviewed && <Review of={of} {...reviewed} onClose={() => review(null)} onDone={() => review(null)} />}
    </>
  )
}
