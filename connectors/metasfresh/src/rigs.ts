import type { MakeRig } from '@linchpin/connector/conformance'
import { queueRig, rigs as ofEntities } from './testing.ts'

/** What the conformance suite needs to drive each entity, and the other way to read shipments. */
export const rigs: Readonly<Record<string, MakeRig>> = {
  ...ofEntities,
  'Shipment from the export queue': queueRig,
}
