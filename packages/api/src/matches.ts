import { z } from 'zod'
import { entity, matched } from './shapes.ts'

/** What `linchpin match` writes, a person corrects, and `linchpin match --apply` reads. */
export const matchFile = z.object({
  kind: z.literal('linchpin matches'),
  version: z.literal(1),
  at: z.iso.datetime(),
  flow: z.string(),
  entity,
  from: z.string(),
  to: z.string(),
  records: z.array(
    /** `link`: the record of the target that it is; null: none, the flow may create it. */
    matched
      .omit({ candidates: true })
      .extend({ link: z.string().nullable(), candidates: matched.shape.candidates }),
  ),
})
export type MatchFile = z.infer<typeof matchFile>
