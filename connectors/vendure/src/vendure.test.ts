import { conformance } from '@linchpin/connector/conformance'
import { describe, test } from 'vitest'
import { rigs } from './rigs.ts'

describe.each(Object.entries(rigs))("%s of Vendure's look-alike", (_, rig) => {
  for (const { name, skip, run } of conformance(rig))
    test(skip === null ? name : `${name} (does not apply: ${skip})`, { skip: skip !== null }, run)
})
