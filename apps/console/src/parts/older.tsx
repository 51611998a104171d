import { Button } from '@mantine/core'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'

/** The newest first, and older ones when they are asked for. `next`: the place where those begin; null: there are none. */
export function usePages<Page extends { readonly next: number | null }>(
  key: readonly unknown[],
  ask: (place: { readonly before?: number }) => Promise<Page>,
) {
  return useInfiniteQuery({
    queryKey: [...key],
    queryFn: ({ pageParam }) => ask(pageParam === null ? {} : { before: pageParam }),
    initialPageParam: null as number | null,
    getNextPageParam: page => page.next,
  })
}

export function Older({ of }: { readonly of: ReturnType<typeof usePages> }) {
  const { t } = useTranslation()
  if (!of.hasNextPage) return null
  return (
    <Button variant="default" loading={of.isFetchingNextPage} onClick={() => void of.fetchNextPage()}>
      {t('states.older')}
    </Button>
  )
}
