import { conformance } from '@linchpin/connector/conformance'
import { describe, test } from 'vitest'
import { orderRig, productRig } from './rigs.ts'

const rigs = { orders: orderRig(), products: productRig() }

for (const [what, rig] of Object.entries(rigs))
  describe(`${what} of the look-alike of Memory`, () => {
    for (const { name, skip, run } of conformance(rig))
      test(skip === null ? name : `${name} (does not apply: ${skip})`, { skip: skip !== null }, run)
  })
