import { carrying } from './mutants/carrying.ts'
import { creating } from './mutants/creating.ts'
import { holding } from './mutants/holding.ts'
import type { Mutant } from './mutants/mutant.ts'
import { reading } from './mutants/reading.ts'

export type { Mutant, Mutation } from './mutants/mutant.ts'

/** Known mistakes, by family. A simulator that no longer notices one of them is broken. */
export const mutants: readonly Mutant[] = [...creating, ...reading, ...holding, ...carrying]
