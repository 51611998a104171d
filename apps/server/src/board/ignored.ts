import type { IgnoredAnswer } from '@linchpin/api'
import { comparedFields, isDeliveredHere, type Flow } from '@linchpin/engine'
import type { IgnoredField } from '@linchpin/store'
import { Refusal } from '../http/problem.ts'
import { iso } from '../http/status.ts'
import type { Linchpin } from '../linchpin.ts'

export const ignoredAnswer = ({ since, ...each }: IgnoredField): IgnoredAnswer => ({
  ...each,
  since: iso(since),
})

interface Said {
  readonly field: string
  readonly id?: string | undefined
  readonly who: string
}

/** In force at once, here and, when their bells have rung, at every node. */
export async function ignoreField(
  { desk, changes, setup, now }: Linchpin,
  flow: Flow,
  { field, id, who, why }: Said & { readonly why: string },
): Promise<void> {
  if (!isDeliveredHere(flow, setup))
    throw new Refusal(409, 'elsewhere', `${flow.name} is compared by the adapter of ${flow.to}. Ask there.`)
  const fields = comparedFields(flow, setup)
  if (!fields.includes(field))
    throw new Refusal(
      400,
      'no-field',
      `${flow.name} compares no field named ${field}. It compares: ${fields.join(', ')}.`,
    )
  await desk.ignoreField({ flow: flow.name, field, id: id ?? null, who, why }, now())
  await changes.refresh()
}

export async function endIgnoring(
  { desk, changes }: Linchpin,
  flow: string,
  { field, id }: Omit<Said, 'who'>,
): Promise<boolean> {
  const done = await desk.endIgnoring({ flow, field, id: id ?? null })
  await changes.refresh()
  return done
}
