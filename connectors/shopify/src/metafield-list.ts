import { z } from 'zod'
import type { InnerList } from './inner-list.ts'

const text = z.string()

/** A metafield as its owner's list tells it. */
export const metafield = z.looseObject({ namespace: text, key: text, type: text, value: text })
export type Metafield = z.infer<typeof metafield>

export const metafieldSelection = 'namespace key type value'

/** The metafields of this kind of record; `first` comes with the record itself. */
export const metafieldsOf = (type: InnerList<unknown>['type'], first: number): InnerList<Metafield> => ({
  name: `${type}Metafields`,
  type,
  field: 'metafields',
  selection: metafieldSelection,
  schema: metafield,
  first,
  more: 100,
})
