import type { MeAnswer, Right } from '@linchpin/api'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { api, ME, queries } from './api.ts'

/** Remembered by this tab: whoever has been in and is out again is not let in unasked. */
const WAS_IN = 'linchpin-was-in'

/** Who sits here. A demo lets in by itself whoever comes for the first time. */
async function askMe(): Promise<MeAnswer> {
  const me = await api.me({})
  if (me.who !== null || !me.demo || sessionStorage.getItem(WAS_IN) !== null) return known(me)
  return known(await api.enterDemo({}).catch(() => me))
}

function known(me: MeAnswer): MeAnswer {
  if (me.who !== null) sessionStorage.setItem(WAS_IN, '1')
  return me
}

/** Asked often, also while the server tells of every change: a session that was ended is no change of a record. */
const AGAIN_MS = 10_000

export const useMe = () =>
  useQuery({ queryKey: [...ME], queryFn: askMe, refetchInterval: AGAIN_MS, staleTime: AGAIN_MS / 2 })

/** Somebody came in: nothing that was asked before counts. */
export const comeIn = (me: MeAnswer): Promise<void> => sitsHere(known(me))

/** Who sits here is put in the place of who sat here, for whoever looks at it: the page changes at once. */
async function sitsHere(me: MeAnswer): Promise<void> {
  await queries.cancelQueries()
  queries.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== ME[0] })
  queries.setQueryData([...ME], me)
}

export async function signOut(): Promise<void> {
  await api.signOut({})
  await sitsHere(await api.me({}))
}

/** Why not, for whoever may not; null: they may. */
export function useWhyNot(right: Right): string | null {
  const { t } = useTranslation()
  const me = useMe().data
  if (me?.rights.includes(right)) return null
  return t('may.not', {
    role: t(`role.${me?.role ?? 'viewer'}`),
    right: t(`right.${right}`),
  })
}
