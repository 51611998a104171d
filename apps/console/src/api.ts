import { ApiTrouble, createClient } from '@linchpin/api/client'
import { QueryCache, QueryClient, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { tell } from './parts/tell.ts'
import { askAgainMs } from './live.ts'
import { presence } from './presence.ts'

/** The same contract that the command line speaks. */
export const api = createClient({
  url: '',
  fetch: (url, init) => fetch(url, { ...init, headers: { ...(init.headers as object), ...presence() } }),
})

export const queries = new QueryClient({
  queryCache: new QueryCache({ onError: error => void noticeEnd(error) }),
  defaultOptions: {
    queries: {
      refetchInterval: askAgainMs,
      staleTime: 2_000,
      // What was refused is refused again; only a line that was cut is worth another try.
      retry: (failures, error) => failures < 3 && error instanceof ApiTrouble && error.status === 0,
    },
  },
})

export const ME = ['me'] as const

/** A session that was ended elsewhere: the page asks for a sign-in, where it stands. */
function noticeEnd(error: unknown): boolean {
  const ended = error instanceof ApiTrouble && error.code === 'sign-in'
  if (ended) void queries.refetchQueries({ queryKey: ME })
  return ended
}

/** A question that is asked again every few seconds. */
export function useAsked<Data>(key: readonly unknown[], ask: () => Promise<Data>) {
  return useQuery({ queryKey: [...key], queryFn: ask })
}

/** Something that changes the world: afterwards everything on the page is asked anew. */
export function useDo<Input, Data>(work: (input: Input) => Promise<Data>, done?: (data: Data) => string) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: work,
    onSuccess: data => {
      if (done) tell({ message: done(data), color: 'pin' })
      void client.invalidateQueries()
    },
    onError: error => {
      if (noticeEnd(error)) return
      tell({ message: error.message, color: 'red', autoClose: 12_000 })
    },
  })
}
