import { askingFlaws } from './asking.ts'
import type { Flaws } from './change.ts'
import { declarationFlaws } from './declaration.ts'
import { faultFlaws } from './faults.ts'
import { movingFlaws } from './moving.ts'
import { readingFlaws } from './reading.ts'
import { refusingFlaws } from './refusing.ts'
import { webhookFlaws } from './webhook.ts'
import { worldFlaws } from './world.ts'
import { settlingFlaws, writingFlaws } from './writing.ts'

/** Mistakes that real connectors have made, each by what it does. The conformance suite must notice every one. */
export const flaws: Flaws = {
  ...declarationFlaws,
  ...readingFlaws,
  ...movingFlaws,
  ...askingFlaws,
  ...writingFlaws,
  ...refusingFlaws,
  ...settlingFlaws,
  ...webhookFlaws,
  ...faultFlaws,
  ...worldFlaws,
}
