import type { RecordHead } from '@linchpin/api'
import { useTranslation } from 'react-i18next'

type Kind = 'status' | 'fulfilment' | 'payment' | 'reference' | 'why' | 'operation' | 'what' | 'how'

/** What comes from the server as a name, in the reader's words; what has none stays as it is. */
export function useNamed(): (kind: Kind, name: string) => string {
  const { t } = useTranslation()
  return (kind, name) => t(`named.${kind}.${name}` as 'named.status.open', { defaultValue: name })
}

/** Who has no name of their own is called so by the server. */
export function useWho(): (who: string) => string {
  const { t } = useTranslation()
  const unnamed = new Map([
    ['this machine', t('named.someone.machine')],
    ['nobody', t('named.someone.nobody')],
  ])
  return who => unnamed.get(who) ?? who
}

/** An order's three states are one text: its own, how far it is shipped, how far it is paid. */
export function useStateWords(): (entity: RecordHead['entity'], state: string) => string {
  const named = useNamed()
  return (entity, state) => {
    const parts = state.split(' · ')
    const kinds: readonly Kind[] =
      entity === 'SalesOrder' && parts.length === 3 ? ['status', 'fulfilment', 'payment'] : []
    return parts.map((part, at) => (part === '' ? '' : named(kinds[at] ?? 'status', part))).join(' · ')
  }
}
