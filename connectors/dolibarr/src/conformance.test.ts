import { conformance } from '@linchpin/connector/conformance'
import { entityNames } from '@linchpin/model'
import { describe, test } from 'vitest'
import { dolibarr } from './dolibarr.ts'
import { rigs } from './rigs.ts'

for (const name of entityNames.filter(each => dolibarr.entities[each] !== undefined))
  describe(`${name} at a look-alike of Dolibarr`, () => {
    const makeRig = rigs[name]
    if (!makeRig) throw new Error(`${name} has no rig.`)
    for (const { name: title, skip, run } of conformance(makeRig))
      test(skip === null ? title : `${title} (does not apply: ${skip})`, { skip: skip !== null }, run)
  })
