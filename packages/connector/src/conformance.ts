import { asking } from './conformance/asking.ts'
import { declaration } from './conformance/declaration.ts'
import { faults } from './conformance/faults.ts'
import { mapping } from './conformance/mapping.ts'
import { moving } from './conformance/moving.ts'
import { reading } from './conformance/reading.ts'
import { refusing } from './conformance/refusing.ts'
import type { MakeRig } from './conformance/rig.ts'
import { lackOf, type Draft, type Need } from './conformance/needs.ts'
import { openStage } from './conformance/stage.ts'
import { labStart } from './lab.ts'
import { settling } from './conformance/settling.ts'
import { updating } from './conformance/updating.ts'
import { webhook } from './conformance/webhook.ts'
import { world } from './conformance/world.ts'
import { writing } from './conformance/writing.ts'

export type { MakeRig, Rig } from './conformance/rig.ts'
export { exampleOrder } from './conformance/example-order.ts'
export { makeLab, labStart, type Lab, type LabFault } from './lab.ts'

export interface Check {
  /** A promise in plain words: the title of a test. */
  readonly name: string
  readonly needs: readonly Need[]
  /** Why this check does not apply to the rig; null when it does. */
  readonly skip: string | null
  /** Rejects, with words for the connector's author, when the promise is not kept. */
  readonly run: () => Promise<void>
}

/**
 * What every connector promises, as a list to run with any test runner:
 *
 *     for (const { name, skip, run } of conformance(makeRig)) if (skip === null) test(name, run)
 *
 * `makeRig` gives a fresh remote each time. A rig is about one entity: run the list once for each entity.
 */
export function conformance(makeRig: MakeRig): readonly Check[] {
  const sample = makeRig(() => labStart)
  return drafts.map(({ name, needs, body }) => ({
    name,
    needs,
    skip: lackOf(sample, needs),
    run: async () => body(await openStage(makeRig)),
  }))
}

const drafts: readonly Draft[] = [
  ...declaration,
  ...reading,
  ...moving,
  ...asking,
  ...mapping,
  ...writing,
  ...updating,
  ...refusing,
  ...settling,
  ...webhook,
  ...faults,
  ...world,
]
