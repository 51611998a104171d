import { conformance, type MakeRig } from '@linchpin/connector/conformance'
import { afterAll, beforeAll, describe, test } from 'vitest'
import { keepWhole, ledger } from '../../../scripts/conformance/ledger.ts'

type Rigs = Readonly<Record<string, MakeRig>>

/** One check places dozens of orders and reads them hundreds of times; on a busy machine that takes minutes. */
const timeout = 900_000

/**
 * Tries on a real shop what a connector promises, and writes down how that went in the connector's record. The list of
 * checks is made before the shop runs, from `nowhere`: rigs of a shop that nobody asks anything.
 */
export function keepsItsPromises(
  /** The connector's id, and what it is tried on: 'Vendure 3.7.3'. */
  { id, product }: { readonly id: string; readonly product: string },
  nowhere: Rigs,
  open: () => Promise<{ readonly rigs: Rigs; readonly stop: () => Promise<void> }>,
): void {
  const checks = ledger()
  describe(`a real ${product} keeps what the connector promises`, () => {
    let rigs = nowhere
    let stop: (() => Promise<void>) | null = null

    beforeAll(async () => {
      const opened = await open()
      ;({ rigs, stop } = opened)
    })
    afterAll(() => stop?.())
    afterAll(() => keepWhole(id, product, checks, Date.now()))

    describe.each(Object.keys(rigs))('%s', name => {
      const rig: MakeRig = now => rigs[name]!(now)
      const { entity } = rig(() => 0)
      for (const check of conformance(rig)) {
        const { name: promise, skip } = check
        test(
          skip === null ? promise : `${promise} (does not apply: ${skip})`,
          { skip: skip !== null, timeout },
          checks.noted(entity, check),
        )
      }
    })
  })
}
