import { conformance, type MakeRig } from '@linchpin/connector/conformance'
import { describe, test } from 'vitest'
import { entityNames } from '@linchpin/model'
import { metasfresh } from './metasfresh.ts'
import { queueRig, rigs } from './testing.ts'

for (const name of entityNames.filter(each => metasfresh.entities[each] !== undefined)) {
  const makeRig = rigs[name]
  if (!makeRig) throw new Error(`${name} has no rig.`)
  promises(`${name} at a look-alike of metasfresh`, makeRig)
}
promises('Shipment from the export queue of a look-alike of metasfresh', queueRig)

function promises(title: string, makeRig: MakeRig): void {
  describe(title, () => {
    for (const { name, skip, run } of conformance(makeRig))
      test(skip === null ? name : `${name} (does not apply: ${skip})`, { skip: skip !== null }, run)
  })
}
