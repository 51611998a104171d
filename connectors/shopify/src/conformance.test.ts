import { conformance } from '@linchpin/connector/conformance'
import { describe, test } from 'vitest'
import { rigs } from './rigs.ts'

describe.each(Object.entries(rigs))('%s, at a look-alike of Shopify', (_, rig) => {
  for (const { name, skip, run } of conformance(rig)) if (skip === null) test(name, run)
})
