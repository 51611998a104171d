import type { Fields } from '@linchpin/mapping'
import { z } from 'zod'
import { ofProduct, ofProductFields } from './product.ts'

/** Stock for a shop. `available` is what may still be promised. */
export const stockWrite = z.object({ ...ofProduct, available: z.string() })
export const stockFields: Fields = { ...ofProductFields, available: 'available' }
