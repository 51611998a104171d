import type { LoadAnswer } from '@linchpin/api'
import type { LoadProgress } from '@linchpin/engine'
import { iso, isoOrNull } from './status.ts'

export function loadAnswer({ began, ended, would, ...rest }: LoadProgress): LoadAnswer {
  return { ...rest, began: iso(began), ended: isoOrNull(ended), would: { ...would } }
}
