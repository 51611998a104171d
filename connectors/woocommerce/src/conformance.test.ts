import { conformance } from '@linchpin/connector/conformance'
import { describe, test } from 'vitest'
import { rigs } from './rigs.ts'

for (const [entity, makeRig] of Object.entries(rigs))
  describe(`WooCommerce's ${entity} against the look-alike`, () => {
    for (const { name, skip, run } of conformance(makeRig))
      test(skip === null ? name : `${name} (does not apply: ${skip})`, { skip: skip !== null }, run)
  })
