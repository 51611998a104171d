import type { Flaws } from './change.ts'
import { declarationFlaws } from './declaration.ts'
import { faultFlaws } from './faults.ts'
import { readingFlaws } from './reading.ts'
import { webhookFlaws } from './webhook.ts'
import { settlingFlaws, writingFlaws } from './writing.ts'

/** Mistakes that real connectors have made, each by what it does. The conformance suite must notice every one. */
export const flaws: Flaws = {
  ...declarationFlaws,
  ...readingFlaws,
  ...writingFlaws,
  ...settlingFlaws,
  ...webhookFlaws,
  ...faultFlaws,
}
