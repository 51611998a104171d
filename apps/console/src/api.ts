import { ApiTrouble, createClient } from '@linchpin/api/client'
import { QueryClient } from '@tanstack/react-query'

/** The same contract that the command line speaks. */
export const api = createClient({ url: '', fetch: (url, init) => fetch(url, init) })

const AGAIN_MS = 10_000

export const queries = new QueryClient({
  defaultOptions: {
    queries: {
      refetchInterval: AGAIN_MS,
      staleTime: 2_000,
      // What was refused is refused again; only a line that was cut is worth another try.
      retry: (failures, error) => failures < 3 && error instanceof ApiTrouble && error.status === 0,
    },
  },
})
