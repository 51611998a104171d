import { conformance } from '@linchpin/connector/conformance'
import { describe, test } from 'vitest'
import { entityNames } from '@linchpin/model'
import { rigs } from './testing.ts'
import { tryton } from './tryton.ts'

for (const name of entityNames.filter(each => tryton.entities[each] !== undefined))
  describe(`${name} at a look-alike of Tryton`, () => {
    const makeRig = rigs[name]
    if (!makeRig) throw new Error(`${name} has no rig.`)
    for (const { name: title, skip, run } of conformance(makeRig))
      test(skip === null ? title : `${title} (does not apply: ${skip})`, { skip: skip !== null }, run)
  })
